import type { Delivery } from '../../core/sink.ts';
import { judge, readText, retryAfter } from '../http.ts';

/** "The request has been accepted for processing": the one success Datadog names. */
const ACCEPTED = 202;

/** "Likely an issue in the payload formatting". */
const BAD_REQUEST = 400;
/** Whoever says so, a smaller request is worth trying. */
const TOO_LARGE = 413;

export async function judgeAnswer(response: Response, now: Date): Promise<Delivery> {
  const said = await readText(response);
  const judged = judge(response, ACCEPTED, now);
  if (judged.kind === 'retry') return { ...judged, afterMs: judged.afterMs ?? untilReset(response, now) };
  if (judged.kind !== 'refused') return judged;
  const isDatadogs = response.status === TOO_LARGE || (response.status === BAD_REQUEST && !isPage(said));
  return isDatadogs ? judged : { kind: 'retry', reason: `${judged.reason}, which Datadog does not answer` };
}

/** Datadog speaks JSON. A proxy in between that turns everything down must not have every event buried. */
const isPage = (said: string): boolean => /^\s*</.test(said);

/** Seconds, by Datadog's rate limit headers. */
const untilReset = (response: Response, now: Date): number | undefined =>
  retryAfter(response.headers.get('x-ratelimit-reset'), now);
