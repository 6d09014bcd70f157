import type { Framed } from '../../codec/wire.ts';
import type { Headers } from '../../core/log.ts';
import type { Taken, Took } from './take.ts';

/** What a settled range says of itself in its headers. */
export interface Range {
  /** Whose offsets they are. */
  readonly lineage: string;
  readonly first: number;
  readonly next: number;
}

const text = new TextDecoder();

/** Undefined when the headers are not those of a range. A range may be empty. */
export function readRange({ origin, range }: Headers): Range | undefined {
  const [, first, next] = /^(\d{1,16}):(\d{1,16})$/.exec(text.decode(range)) ?? [];
  if (origin === undefined || first === undefined || next === undefined) return undefined;
  const read = { lineage: text.decode(origin), first: Number(first), next: Number(next) };
  return Number.isSafeInteger(read.next) && read.first <= read.next ? read : undefined;
}

/**
 * Keeps of a range what is beyond the watermark, the last offset settled: one that was paused and its successor may both
 * have settled offsets, cut at different places. The first to be read counts. A range that begins beyond the watermark leaves
 * a hole, which is kept for the views to name.
 */
export function takeBeyond(
  { schemaId, body }: Framed,
  { lineage, first, next }: Range,
  taken: Taken,
  trim: (datum: Uint8Array, first: number) => Uint8Array,
): Took {
  const mark = taken.get(lineage);
  const begin = mark === undefined ? first : mark.offset + 1;
  const told = { kind: 'took', schemaId } as const;
  if (next <= begin) return { ...told, rows: [], reached: undefined, redelivered: 1, holes: 0 };
  return {
    ...told,
    rows: [{ datum: first < begin ? trim(body, begin) : body, part: '' }],
    reached: { lineage, mark: { offset: next - 1, ordinal: 0 } },
    redelivered: 0,
    holes: first > begin ? 1 : 0,
  };
}
