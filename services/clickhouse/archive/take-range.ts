import { accounting } from '../../codec/records.ts';
import { unframe } from '../../codec/wire.ts';
import type { Envelope, Headers } from '../../core/log.ts';
import { type Taken, type Took, type Unreadable, unreadable } from './take.ts';
import { trim } from './trim.ts';

interface Range {
  readonly lineage: string;
  readonly first: number;
  readonly next: number;
}

/**
 * Accounts of raw ranges. A producer that was paused and its successor may both have settled offsets, cut at different
 * places: what is already accounted for is trimmed off. A range that begins beyond the watermark leaves a hole, which is
 * kept for the coverage report to name.
 *
 * The watermark is the last raw offset accounted for.
 */
export function takeRange(record: Envelope, taken: Taken): Took | Unreadable {
  const framed = unframe(record.value);
  if (framed === undefined) return unreadable('no Confluent wire header');
  const range = readRange(record.headers);
  if (range === undefined) return unreadable('no origin and range in the headers');

  const { lineage, first, next } = range;
  const mark = taken.get(lineage);
  const begin = mark === undefined ? first : mark.offset + 1;
  const told = { kind: 'took', schemaId: framed.schemaId } as const;
  if (next <= begin) return { ...told, rows: [], reached: undefined, redelivered: 1, holes: 0 };

  const datum = first < begin ? accounting.encode(trim(accounting.decode(framed.body), begin)) : framed.body;
  return {
    ...told,
    rows: [{ datum, part: '' }],
    reached: { lineage, mark: { offset: next - 1, ordinal: 0 } },
    redelivered: 0,
    holes: first > begin ? 1 : 0,
  };
}

const text = new TextDecoder();

function readRange({ origin, range }: Headers): Range | undefined {
  const [, first, next] = /^(\d{1,16}):(\d{1,16})$/.exec(text.decode(range)) ?? [];
  if (origin === undefined || first === undefined || next === undefined) return undefined;
  const read = { lineage: text.decode(origin), first: Number(first), next: Number(next) };
  return Number.isSafeInteger(read.next) && read.first < read.next ? read : undefined;
}
