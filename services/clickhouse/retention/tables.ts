import type { ArchivedTopic } from '../tables.ts';

/** A table that rows leave when they have run their time, and the ones they pass on the way. */
export interface Shelving {
  /** As certificates name it. */
  readonly name: 'content' | 'content_held' | 'quarantine' | 'events' | 'events_held';
  readonly table: string;
  /** Where a partition lies between its move and its deletion. */
  readonly way: string;
  /** Where rows are kept that outlive their partition; undefined where nothing keeps them. */
  readonly held: string | undefined;
  /** Of held rows: where the copy they were made from stands until its own partition is gone. */
  readonly copiedFrom: readonly string[];
  /** `move`: by whole partitions. `pick`: rows that nothing holds any more are picked out. */
  readonly leaves: 'move' | 'pick';
  readonly id: 'event_id' | 'quarantine_id';
  /** What the archive fills the table from. */
  readonly topic: ArchivedTopic | undefined;
  /** Whether accounts promise its rows. */
  readonly isAccounted: boolean;
}

const CONTENT = { held: 'audit.content_held', id: 'event_id', isAccounted: false } as const;
const EVENTS = { held: 'audit.events_held', id: 'event_id', isAccounted: true } as const;

/** In the order they are looked at: content is judged by its event, and so goes before it. */
export const SHELVINGS: readonly Shelving[] = [
  {
    ...CONTENT,
    name: 'content',
    table: 'audit.content',
    way: 'audit.content_leaving',
    copiedFrom: [],
    leaves: 'move',
    topic: 'audit.content',
  },
  {
    ...CONTENT,
    name: 'content_held',
    table: 'audit.content_held',
    way: 'audit.content_released',
    copiedFrom: ['audit.content', 'audit.content_leaving'],
    leaves: 'pick',
    topic: undefined,
  },
  {
    name: 'quarantine',
    table: 'audit.quarantine',
    way: 'audit.quarantine_leaving',
    held: undefined,
    copiedFrom: [],
    leaves: 'move',
    id: 'quarantine_id',
    topic: 'audit.quarantine',
    isAccounted: true,
  },
  {
    ...EVENTS,
    name: 'events',
    table: 'audit.events',
    way: 'audit.events_leaving',
    copiedFrom: [],
    leaves: 'move',
    topic: 'audit.events',
  },
  {
    ...EVENTS,
    name: 'events_held',
    table: 'audit.events_held',
    way: 'audit.events_released',
    copiedFrom: ['audit.events', 'audit.events_leaving'],
    leaves: 'pick',
    topic: undefined,
  },
];

/** One partition of a table. Quarantine has no classes: its class is empty. */
export interface Place {
  readonly retention_class: string;
  /** `2026-01-31` */
  readonly bucket: string;
}

/** A condition that a partition's rows fit; bind with `bindPart`. */
export const inPart = ({ name }: Shelving): string =>
  name === 'quarantine'
    ? 'retention_bucket = {bucket:Date}'
    : 'retention_class = {class:String} AND retention_bucket = {bucket:Date}';

export const bindPart = ({ retention_class, bucket }: Place): Readonly<Record<string, string>> => ({
  class: retention_class,
  bucket,
});

/** The partition as ALTER names it. */
export const partition = ({ name }: Shelving): string =>
  name === 'quarantine' ? 'PARTITION {bucket:String}' : 'PARTITION tuple({class:String}, {bucket:Date})';

/** A time as a parameter of microseconds. */
export const micros = (name: string): string => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;
