import { z } from 'zod';
import { readJson, retryAfter } from '../http.ts';

/** What HEC said to one post of events. */
export interface Reply {
  readonly status: number;
  /** HEC's own code; undefined where the body is not HEC's (a proxy's page). */
  readonly code?: number | undefined;
  /** Given when the token has indexer acknowledgement on, also beside an event at fault. */
  readonly ackId?: number | undefined;
  /** How many events HEC took before it met one at fault, from which on it took none. */
  readonly taken?: number | undefined;
  readonly afterMs?: number | undefined;
}

export interface Meaning {
  readonly kind:
    | 'taken'
    /** The bytes' own fault: an event's, or the size. */
    | 'event'
    | 'size'
    | 'setup'
    | 'index'
    | 'channel_missing'
    | 'channel_invalid'
    | 'ack_disabled'
    | 'later'
    /** This node cannot, another one may. */
    | 'elsewhere';
  readonly reason: string;
}

/** Splunk's table of HEC codes. What is not in it is unknown, and so not delivered. */
const CODES: ReadonlyMap<number, readonly [Meaning['kind'], string]> = new Map([
  [0, ['taken', 'success']],
  [1, ['setup', 'token disabled']],
  [2, ['setup', 'token is required']],
  [3, ['setup', 'invalid authorization']],
  [4, ['setup', 'invalid token']],
  /** No body arrived, though none goes out empty: something in between takes it, no event is at fault. */
  [5, ['setup', 'no data: does a proxy drop the body?']],
  [6, ['event', 'invalid data format']],
  [7, ['index', 'incorrect index: the token may not write it, or it does not exist']],
  [8, ['later', 'internal server error']],
  [9, ['elsewhere', 'server is busy']],
  [10, ['channel_missing', 'data channel is missing']],
  [11, ['channel_invalid', 'invalid data channel']],
  [12, ['event', 'event field is required']],
  [13, ['event', 'event field cannot be blank']],
  [14, ['ack_disabled', 'acknowledgement is disabled for the token']],
  [15, ['event', 'error in handling indexed fields']],
  [16, ['setup', 'query string authorization is not enabled']],
  /** The health endpoint's words: no answer to events. */
  [17, ['later', 'answered as a health check']],
  [18, ['elsewhere', 'queues are full']],
  [19, ['elsewhere', 'acknowledgement service unavailable']],
  [20, ['elsewhere', 'queues are full, acknowledgement service unavailable']],
  [21, ['setup', 'invalid token']],
  [22, ['setup', 'token disabled']],
  [23, ['elsewhere', 'server is shutting down']],
  [24, ['taken', 'queue is approaching capacity']],
  [25, ['taken', 'acknowledgement channel is approaching capacity']],
  [26, ['later', 'queue is at capacity']],
  [27, ['later', 'acknowledgement channel is at capacity']],
  /** Splunk Cloud's word for 10. */
  [28, ['channel_missing', 'data channel is missing: several indexers need a load balancer with sticky sessions']],
]);

const BAD_SETUP = new Set([301, 302, 303, 307, 308, 401, 403, 404, 405, 407]);

/** The code decides, not the status; yet no status but 200 is a receipt. */
export function meaningOf({ status, code }: Reply): Meaning {
  if (status === 413) return { kind: 'size', reason: 'HTTP 413' };
  const known = code === undefined ? undefined : CODES.get(code);
  if (known === undefined) return unknown(status, code);
  const [kind, words] = known;
  if (kind === 'taken' && status !== 200) return { kind: 'later', reason: `HEC ${code} with HTTP ${status}` };
  return { kind, reason: `HEC ${code}: ${words}` };
}

/**
 * A 400 that is not HEC's speaks of the way to Splunk (plain HTTP to a TLS port), not of events. Splunk's own 404 and
 * 405 repeat the status as code.
 */
function unknown(status: number, code: number | undefined): Meaning {
  const reason = code === undefined ? `HTTP ${status}, not an answer of HEC` : `HEC ${code}: unknown, HTTP ${status}`;
  return BAD_SETUP.has(status) ? { kind: 'setup', reason } : { kind: 'later', reason };
}

const answer = z.object({
  code: z.int(),
  ackId: z.int().optional(),
  'invalid-event-number': z.int().optional().catch(undefined),
});

export async function readReply(response: Response, now: Date): Promise<Reply> {
  const { data } = answer.safeParse(await readJson(response));
  const number = data?.['invalid-event-number'];
  return {
    status: response.status,
    code: data?.code,
    ackId: data?.ackId,
    taken: number === undefined ? undefined : number - firstNumber(data?.code),
    afterMs: retryAfter(response.headers.get('retry-after'), now),
  };
}

/** Splunk 10.4 counts events from 0 in `invalid-event-number`, but from 1 beside code 7 (incorrect index). */
const firstNumber = (code: number | undefined): number => (code === 7 ? 1 : 0);
