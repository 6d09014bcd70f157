import type { Batch } from '../../core/sink.ts';
import type { Stream, Streaming } from './streams.ts';

/** Half of `max_chunk_age`: what is older than the newest entry of its stream by more is turned down. */
const WINDOW_MICROS = 3_600_000_000;

/** A batch as the body of one push. */
export interface Push {
  readonly plain: Buffer<ArrayBuffer>;
  /** Sent again after a lost reply, the older part of such a stream would be turned down though Loki holds it. */
  readonly exceedsWindow: boolean;
  /** Nothing goes to a stream of replays. */
  readonly isLive: boolean;
}

export type EncodePush = (batch: Batch, streaming: Streaming) => Push;

export const pushOf = (streams: readonly Stream<unknown>[], plain: Buffer<ArrayBuffer>): Push => ({
  plain,
  exceedsWindow: streams.some(exceedsWindow),
  isLive: streams.every(({ replayed }) => !replayed),
});

function exceedsWindow({ entries }: Stream<unknown>): boolean {
  const [first, last] = [entries[0], entries.at(-1)];
  return first !== undefined && last !== undefined && last.occurred_at - first.occurred_at > WINDOW_MICROS;
}
