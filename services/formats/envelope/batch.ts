import { fieldOf, isObject } from './object.ts';

/** One event of a message, with the fields that the batch states for all. */
export interface Item {
  readonly event: object;
  readonly path: readonly string[];
  /** Where the event's own field stands in the message; fields of the batch stand at the top. */
  place(field: string): readonly string[];
}

export interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** What a batch states for all is stored with each event: a message of some megabytes must not become terabytes. */
const MOST_SHARED = 64 * 1024 * 1024;

/**
 * The events of a message: the message itself, or each of its `events` with the fields beside them. A field stands in one
 * of the two places: were an event to override the batch, a reader could not tell intent from mistake, and an overridden
 * leaf would be lost.
 */
export function itemsOf(message: object): readonly Item[] | Fault {
  if (!Object.hasOwn(message, 'events')) return [{ event: message, path: [], place: (field) => [field] }];
  const events = fieldOf(message, 'events');
  if (!Array.isArray(events)) return { path: ['events'], message: 'is no list' };
  if (events.length === 0) return { path: ['events'], message: 'is empty' };
  const shared = Object.fromEntries(Object.entries(message).filter(([name]) => name !== 'events'));
  if (Object.hasOwn(shared, 'id')) return { path: ['id'], message: 'names one event: give each of the events its own' };
  if (JSON.stringify(shared).length * events.length > MOST_SHARED)
    return { path: ['events'], message: 'are too many to repeat for each what is stated for all: past 64 MiB' };

  const items: Item[] = [];
  for (const [index, own] of events.entries()) {
    const path = ['events', String(index)];
    if (!isObject(own)) return { path, message: 'is no object' };
    const twice = Object.keys(shared).find((field) => Object.hasOwn(own, field));
    if (twice !== undefined) return { path: [...path, twice], message: 'is stated for the whole batch already' };
    if (Object.hasOwn(own, 'events')) return { path: [...path, 'events'], message: 'batches do not nest' };
    const place = (field: string) => (Object.hasOwn(shared, field) ? [field] : [...path, field]);
    items.push({ event: { ...shared, ...own }, path, place });
  }
  return items;
}
