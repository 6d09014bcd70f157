import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Begun } from './counter.ts';
import { codingFor, encoded } from './encodings.ts';
import { failureBlock } from './failures.ts';
import { framed, type Method } from './framing.ts';
import { isOn } from './request.ts';

export interface Answer {
  readonly begun: Begun;
  readonly query: Readonly<Record<string, string>>;
  readonly framing: Method | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly version: string;
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

/**
 * Hands an answer on as it comes, as fast as the client takes it. One that fails on the way ends with ClickHouse's block and
 * without the end of HTTP's chunks: no client can take it for whole.
 */
export async function sendAnswer(answer: Answer): Promise<void> {
  const { framing, response, stallMs, signal } = answer;
  const tag = randomBytes(8).toString('hex');
  const coding = isOn(answer.query.enable_http_compression ?? '1')
    ? codingFor(answer.request.headers['accept-encoding']?.toString())
    : undefined;
  response.writeHead(200, headOf(answer, tag, coding));
  const state = { failed: false };
  const bytes = bytesOf(answer, tag, state);
  for await (const piece of encoded(framing === undefined ? bytes : framed(bytes, framing), coding)) {
    if (!response.write(piece))
      await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(stallMs)]) });
  }
  if (state.failed) response.socket?.destroySoon();
  else response.end();
}

async function* bytesOf(
  { begun, version }: Answer,
  tag: string,
  state: { failed: boolean },
): AsyncGenerator<Uint8Array> {
  for await (const part of begun.parts) {
    if (part.kind === 'bytes') yield part.bytes;
    else {
      state.failed = true;
      yield failureBlock(part, version, tag);
    }
  }
}

function headOf({ begun, query }: Answer, tag: string, coding: string | undefined): Record<string, string> {
  // As far as it is known when the answer begins; ClickHouse writes numbers as texts.
  const summary = JSON.stringify({
    ...(begun.rows === undefined ? {} : { result_rows: String(begun.rows) }),
    result_bytes: String(begun.bytes),
    elapsed_ns: String(Math.round(begun.elapsedMs * 1e6)),
  });
  return {
    'Content-Type': mediaType(begun.format),
    'X-ClickHouse-Format': begun.format,
    'X-ClickHouse-Exception-Tag': tag,
    ...(isOn(query.send_progress_in_http_headers ?? '0') ? { 'X-ClickHouse-Progress': summary } : {}),
    'X-ClickHouse-Summary': summary,
    ...(coding === undefined ? {} : { 'Content-Encoding': coding }),
  };
}

const MEDIA: readonly (readonly [RegExp, string])[] = [
  [/^JSON.*EachRow/, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^CSVWithNames/, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(?:TSV|TabSeparated)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^(?:Native|RowBinary|Parquet|Arrow|ORC)/, 'application/octet-stream'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [/^Markdown$/, 'text/markdown; charset=UTF-8'],
];

const mediaType = (format: string): string =>
  MEDIA.find(([pattern]) => pattern.test(format))?.[1] ?? 'text/plain; charset=UTF-8';
