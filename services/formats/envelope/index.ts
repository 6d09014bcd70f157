import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import { without } from '../whole.ts';
import { type Item, itemsOf } from './batch.ts';
import { columnsOf } from './columns.ts';
import { leaves } from './leaves.ts';
import { isObject } from './object.ts';
import { type EnvelopeEvent, event } from './schema.ts';
import { strayIn } from './strays.ts';

interface Read {
  readonly event: EnvelopeEvent;
  readonly raw: unknown;
}

/**
 * Trailhouse's own envelope, for gateways and endpoints that speak no other format, and for Trailhouse's own acts:
 * docs/envelope.md is its contract. One message holds one event, or many under `events`.
 */
export const envelope = defineFormat({
  name: 'envelope',
  encodings: ['json'],
  leaves,
  detect: (message) => isObject(message) && Object.hasOwn(message, 'trailhouse'),
  schema: z.custom<object>(isObject, 'is no object').transform(readEvents),
  map: (events) => events.map(partOf),
});

function readEvents(message: object, context: z.RefinementCtx): readonly Read[] {
  const items = itemsOf(message);
  if ('message' in items) return refuse(context, items.path, items.message);

  const read: Read[] = [];
  for (const item of items) {
    const { event: raw } = item;
    const stray = strayIn(raw);
    if (stray !== undefined) return refuse(context, placeOf(stray.path, item), stray.message);
    const parsed = event.safeParse(raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(context, placeOf(issue?.path.map(String) ?? [], item), issue?.message ?? 'is no event');
    }
    read.push({ event: parsed.data, raw });
  }
  return read;
}

function refuse(context: z.RefinementCtx, path: readonly string[], message: string): never {
  context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
}

function placeOf([field, ...below]: readonly string[], { path, place }: Item): readonly string[] {
  return field === undefined ? path : [...place(field), ...below];
}

function partOf({ event: read, raw }: Read): Part {
  const { columns, settled } = columnsOf(read);
  return { columns, from: without(raw, settled) };
}
