import type { Log } from '../../services/core/log.ts';
import { knownMessage } from './corpus.ts';

/** What was produced, by `topic/partition/offset`: the number of events it must give, 0 for one to be quarantined. */
export type Produced = ReadonlyMap<string, number>;

/** A row as the store shows it. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly ordinal: number;
  /** How often it is there. */
  readonly copies: number;
}

export interface Stored {
  readonly events: readonly Origin[];
  /** Content rows by the same origin. */
  readonly content: readonly Origin[];
  readonly quarantined: readonly Origin[];
  /** What the view people read shows of the events. */
  readonly trail: readonly Origin[];
  /** Raw partitions that `audit.coverage` does not call complete. */
  readonly uncovered: readonly string[];
}

export interface Finding {
  readonly produced: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly invented: readonly string[];
}

/** Appends known messages and remembers what they must become. */
export async function produce(
  log: Log,
  topic: string,
  partition: number,
  numbers: readonly number[],
  produced: Map<string, number>,
): Promise<void> {
  const known = numbers.map((number) => knownMessage(number, new Date()));
  const first = await log.append(
    topic,
    partition,
    known.map(({ value }) => ({ value })),
  );
  for (const [index, { events }] of known.entries()) produced.set(`${topic}/${partition}/${first + index}`, events);
}

/** Every event that should be there is, once, with its content; every broken message is quarantined; nothing else is. */
export function judge(produced: Produced, stored: Stored): Finding {
  const expected = { events: new Set<string>(), quarantined: new Set<string>() };
  for (const [place, events] of produced) {
    if (events === 0) expected.quarantined.add(`${place}/0`);
    for (let ordinal = 0; ordinal < events; ordinal++) expected.events.add(`${place}/${ordinal}`);
  }
  const parts = [
    compare('event', expected.events, stored.events),
    compare('content', expected.events, stored.content),
    compare('quarantine', expected.quarantined, stored.quarantined),
    compare('trail', expected.events, stored.trail),
  ];
  return {
    produced: expected.events.size + expected.quarantined.size,
    lost: [...parts.flatMap(({ lost }) => lost), ...stored.uncovered.map((place) => `coverage of ${place}`)],
    twice: parts.flatMap(({ twice }) => twice),
    invented: parts.flatMap(({ invented }) => invented),
  };
}

function compare(what: string, expected: ReadonlySet<string>, rows: readonly Origin[]) {
  const seen = new Map(rows.map((row) => [`${row.topic}/${row.partition}/${row.offset}/${row.ordinal}`, row.copies]));
  const name = (place: string) => `${what} ${place}`;
  return {
    lost: [...expected].filter((place) => !seen.has(place)).map(name),
    twice: [...seen].filter(([, copies]) => copies > 1).map(([place]) => name(place)),
    invented: [...seen.keys()].filter((place) => !expected.has(place)).map(name),
  };
}
