import type { Delivery } from '../core/sink.ts';

/** An answer after which the lane waits. */
export type Setback = Extract<Delivery, { readonly kind: 'retry' | 'parked' }>;

const RETRY_BASE_MS = 500;
const PARKED_BASE_MS = 5_000;
const LONGEST_MS = 60_000;
/** A receiver that names days is asked again after an hour: it may heal sooner than it thinks. */
const LONGEST_NAMED_MS = 3_600_000;

/** What the receiver asked for, as far as it is followed. */
export const namedMs = (answer: Setback): number =>
  answer.kind === 'retry' ? Math.min(answer.afterMs ?? 0, LONGEST_NAMED_MS) : 0;

/**
 * How long the lane waits after its nth setback in a row, counting from 1. Retries are spread with full jitter, on top
 * of what the receiver named, so that lanes that failed together do not come back together. Parked, it looks regularly
 * whether the setup was mended.
 */
export function restMs(answer: Setback, setbacks: number, random: () => number): number {
  const doubled = (base: number) => Math.min(LONGEST_MS, base * 2 ** (setbacks - 1));
  return answer.kind === 'parked' ? doubled(PARKED_BASE_MS) : namedMs(answer) + random() * doubled(RETRY_BASE_MS);
}

/** The answer's reason, with what was asked for where that is longer than it is waited. */
export function reasonOf(answer: Setback): string {
  const { reason } = answer;
  const asked = answer.kind === 'retry' ? (answer.afterMs ?? 0) : 0;
  if (asked <= LONGEST_NAMED_MS) return reason;
  return `${reason}; asks to wait ${Math.round(asked / 1000)} s, is tried again after ${LONGEST_NAMED_MS / 1000} s`;
}
