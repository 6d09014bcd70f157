import type { Clock } from '../core/clock.ts';
import type { Batch, Delivery, Sink } from '../core/sink.ts';

const NO_ANSWER: Delivery = { kind: 'retry', reason: 'no answer in time' };

/**
 * Sends a batch once. An answer that does not come within `attemptMs` is read as `retry`, and the request is aborted.
 * @throws the signal's reason when it aborts before there is an answer about the events.
 */
export async function attempt(
  sink: Pick<Sink, 'deliver'>,
  batch: Batch,
  attemptMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Delivery> {
  const late = new AbortController();
  const answered = new AbortController();
  const limit = clock.sleep(attemptMs, AbortSignal.any([signal, answered.signal])).then(() => NO_ANSWER);
  const answer = await Promise.race([send(sink, batch, AbortSignal.any([signal, late.signal])), limit]).finally(() =>
    answered.abort(),
  );
  if (answer === NO_ANSWER) late.abort();
  // An aborted request fails, which says nothing about the receiver.
  if (answer.kind === 'retry') signal.throwIfAborted();
  return answer;
}

async function send(sink: Pick<Sink, 'deliver'>, batch: Batch, signal: AbortSignal): Promise<Delivery> {
  try {
    return await sink.deliver(batch, signal);
  } catch (error) {
    return { kind: 'retry', reason: words(error) };
  }
}

/** The system's code for what went wrong, else the error's class: a message may quote an address with a token in it. */
function words(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && /^[A-Z][A-Z0-9_]{1,63}$/.test(String(at.code))) return String(at.code);
  return error instanceof Error ? error.name : 'unknown error';
}
