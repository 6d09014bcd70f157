import type { Level, Sink } from '../../core/sink.ts';

/** Tells how far the receiver vouches for what it takes, whenever that changes. */
export function tellsLevel(sink: Sink, tell: (level: Level) => void): Sink {
  let told: Level | undefined;
  return {
    attemptMs: sink.attemptMs,
    close: () => sink.close(),
    async deliver(batch, signal) {
      const answer = await sink.deliver(batch, signal);
      if ('level' in answer && answer.level !== undefined && answer.level !== told) {
        told = answer.level;
        tell(told);
      }
      return answer;
    },
  };
}

/** What `delivered` means at a receiver that could say more and does not; nothing where it means what it says. */
export const LEVELS: Readonly<Record<Level, string>> = {
  accepted: 'taken by the receiver, not confirmed by its indexer',
  indexed: '',
};
