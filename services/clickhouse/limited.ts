import type { ReadLimits, Settings } from './client.ts';
import { ClickHouseFailure } from './failure.ts';
import type { Ask, Piece } from './streams.ts';

/** ClickHouse's code of a result that is too long. */
const TOO_MANY_ROWS_OR_BYTES = 396;

/**
 * The limits of a result once more: ClickHouse leaves them aside where a question reads no table of its own (`SELECT
 * arrayJoin(range(…))`). Bytes are those of the format.
 */
export async function* limited(
  pieces: AsyncIterable<Piece>,
  { settings }: Ask,
  limits: ReadLimits,
): AsyncGenerator<Piece> {
  // Who asks for a break takes what there is by then: ClickHouse stops after whole blocks.
  const own: Settings = settings.result_overflow_mode === 'break' ? {} : settings;
  const most = {
    rows: Math.min(limits.rows, asked(own.max_result_rows)),
    bytes: Math.min(limits.bytes, asked(own.max_result_bytes)),
  };
  let [rows, bytes] = [0, 0];
  for await (const piece of pieces) {
    rows += piece.rows ?? 0;
    bytes += piece.bytes.length;
    if (rows > most.rows) throw exceeded('rows', most.rows);
    if (bytes > most.bytes) throw exceeded('bytes', most.bytes);
    yield piece;
  }
}

const asked = (setting: string | number | undefined): number =>
  typeof setting === 'number' ? setting : Number.POSITIVE_INFINITY;

function exceeded(what: string, most: number): ClickHouseFailure {
  const words = `Limit for result exceeded, max ${what}: ${most} (TOO_MANY_ROWS_OR_BYTES)`;
  return new ClickHouseFailure(words, TOO_MANY_ROWS_OR_BYTES, undefined);
}
