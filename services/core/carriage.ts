import { Buffer } from 'node:buffer';
import type { Headers } from './log.ts';
import { lineage, type Origin, type Watermark } from './origin.ts';

/**
 * What travels in the headers of a record on an audit topic, so that archive and export need not decode it.
 *
 * - `origin`: `epoch/topic/partition`, the raw partition all its datums come from;
 * - `index`: one entry per datum, in order, separated by spaces: `offset:ordinal:count:bytes:class/bucket`;
 * - `leaf`: the 32 bytes of the ledger leaf (audit.events only, whose records hold one datum).
 *
 * The value is the Confluent wire header (0x00 and the schema id, big endian) and the datums one after the other.
 */
export interface Entry extends Watermark {
  /** How many events the raw message holds. */
  readonly count: number;
  /** Length of the datum. */
  readonly bytes: number;
  /** Partition key of the row: retention class and bucket (yyyymmdd). */
  readonly part: string;
}

export interface Carriage {
  /** See `lineage`. */
  readonly lineage: string;
  readonly entries: readonly Entry[];
}

/** Length of the Confluent wire header. */
export const WIRE_HEADER = 5;

const text = new TextEncoder();
const string = new TextDecoder();

export function carry(origin: Pick<Origin, 'epoch' | 'topic' | 'partition'>, entries: readonly Entry[]): Headers {
  return { origin: text.encode(lineage(origin)), index: text.encode(entries.map(spelt).join(' ')) };
}

/** The `index` of a record that holds one datum. */
export const indexOf = (entry: Entry): Uint8Array => Buffer.from(spelt(entry));

const spelt = ({ offset, ordinal, count, bytes, part }: Entry): string =>
  `${offset}:${ordinal}:${count}:${bytes}:${part}`;

/** Undefined when the headers are not ours. */
export function readCarriage(headers: Headers): Carriage | undefined {
  const { origin, index } = headers;
  if (origin === undefined || index === undefined) return undefined;
  const entries: Entry[] = [];
  for (const entry of string.decode(index).split(' ')) {
    const [offset, ordinal, count, bytes, part] = entry.split(':');
    if (part === undefined) return undefined;
    const numbers = { offset: Number(offset), ordinal: Number(ordinal), count: Number(count), bytes: Number(bytes) };
    if (!Object.values(numbers).every((number) => Number.isSafeInteger(number) && number >= 0)) return undefined;
    entries.push({ ...numbers, part });
  }
  return { lineage: string.decode(origin), entries };
}
