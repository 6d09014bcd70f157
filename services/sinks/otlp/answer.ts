import { z } from 'zod';
import type { Delivery } from '../../core/sink.ts';
import { rejectedOfProto } from '../../otlp/receipt.ts';
import { retryAfter } from '../http.ts';

/** What a receiver said to one export. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly retryAfter: string | null;
  readonly body: Uint8Array;
}

/** An answer without an end must not fill the memory. */
const MOST_BYTES = 65_536;

/** Bytes, not text: the binary encoding is none. */
export async function answerOf(response: Response): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) break;
  }
  const { status, headers } = response;
  return {
    status,
    contentType: headers.get('content-type'),
    retryAfter: headers.get('retry-after'),
    body: Buffer.concat(chunks),
  };
}

/** How an export was encoded: its answer has to be encoded alike. */
export type Encoding = 'protobuf' | 'json';

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes: the others must not be sent again. */
const RETRYABLE = new Set([429, 502, 503, 504]);
const BAD_BYTES = new Set([400, 413]);

/**
 * Only 200 with an Export*ServiceResponse is a receipt: a proxy's page is none. What the protocol forbids to send again
 * and is not the bytes' own fault waits for an operator, so that nothing is lost by it.
 */
export function judge(answer: Answer, encoding: Encoding, events: number, now: Date): Delivery {
  const { status } = answer;
  const reason = `HTTP ${status}`;
  if (status === 200) {
    const rejected = isOf(encoding, answer.contentType) ? REJECTED[encoding](answer.body) : undefined;
    if (rejected === undefined) return { kind: 'retry', reason: 'HTTP 200, not an answer of OTLP' };
    return settled(rejected, events);
  }
  if (RETRYABLE.has(status)) return { kind: 'retry', reason, afterMs: retryAfter(answer.retryAfter, now) };
  if (BAD_BYTES.has(status)) return { kind: 'refused', reason };
  // Loki answers OTLP logs by 204 (https://github.com/grafana/loki/issues/15761): to send them again would go on for ever.
  if (status > 200 && status < 300) return { kind: 'parked', reason: `HTTP ${status}, where OTLP has 200 alone` };
  return status >= 300 ? { kind: 'parked', reason } : { kind: 'retry', reason };
}

/** The protocol tells how many were rejected, not which, and that none may be sent again. */
function settled(rejected: number, events: number): Delivery {
  if (rejected === 0) return { kind: 'delivered' };
  if (rejected < events) return { kind: 'uncertain', count: rejected, reason: `partial success: ${rejected} rejected` };
  const reason = 'partial success: all rejected';
  return { kind: 'partial', refused: Array.from({ length: events }, (_, index) => ({ index, reason })) };
}

/** Protobuf's empty answer looks like anybody's: a type that is given must be the right one. */
function isOf(encoding: Encoding, contentType: string | null): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type === undefined || type === `application/${encoding === 'json' ? 'json' : 'x-protobuf'}`;
}

/** An int64 is a decimal string in OTLP/JSON; some write a number. */
const count = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const response = z.strictObject({
  partialSuccess: z.strictObject({ rejectedSpans: count.optional(), errorMessage: z.string().optional() }).nullish(),
});

const REJECTED: Readonly<Record<Encoding, (body: Uint8Array) => number | undefined>> = {
  protobuf: rejectedOfProto,
  json: rejectedOfJson,
};

function rejectedOfJson(body: Uint8Array): number | undefined {
  const said = response.safeParse(parsed(Buffer.from(body).toString()));
  return said.success ? (said.data.partialSuccess?.rejectedSpans ?? 0) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
