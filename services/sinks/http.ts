import { promisify } from 'node:util';
import { gzip, type ZlibOptions } from 'node:zlib';
import type { Delivery } from '../core/sink.ts';

const BAD_BYTES = new Set([400, 413, 422]);
/** A redirect is not followed: where it points to was not configured. */
const BAD_SETUP = new Set([301, 302, 303, 307, 308, 401, 403, 404, 405, 407]);

/**
 * Only `success`, the one status the vendor's contract names, is a delivery: Loki answers 260 for what
 * it blocked. Only the bytes' own faults refuse: an expired token must not bury evidence.
 */
export function judge(response: Response, success: number, now: Date): Delivery {
  if (response.status === success) return { kind: 'delivered' };
  const reason = `HTTP ${response.status}`;
  if (BAD_BYTES.has(response.status)) return { kind: 'refused', reason };
  if (BAD_SETUP.has(response.status)) return { kind: 'parked', reason };
  return { kind: 'retry', reason, afterMs: retryAfter(response.headers.get('retry-after'), now) };
}

/** RFC 9110, 10.2.3: seconds or a date; undefined for anything else. */
export function retryAfter(header: string | null, now: Date): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The beginning of an answer: one without an end must not fill the memory. */
export async function readText(response: Response, maxBytes = 65_536): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

/** The answer as JSON; undefined when it is none. */
export async function readJson(response: Response): Promise<unknown> {
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lowest level, a lane wants speed before bytes; and most bodies in one piece, for each is a way to a thread and back. */
const FAST = { level: 1, chunkSize: 262_144 } as const;
const zip = promisify<Buffer, ZlibOptions, Buffer<ArrayBuffer>>(gzip);

export const gzipped = (body: Buffer): Promise<Buffer<ArrayBuffer>> => zip(body, FAST);
