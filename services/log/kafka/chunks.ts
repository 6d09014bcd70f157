import type { IHeaders, Message } from 'kafkajs';
import type { Headers, Outgoing } from '../../core/log.ts';

/** kafkajs sends the messages of one call as one record batch; a broker takes 1,048,588 bytes by default. */
const CHUNK = { records: 5_000, bytes: 900_000 };
/** What a record adds to its key, headers and value at most. */
const FRAME_BYTES = 32;

export interface Chunk {
  readonly messages: readonly Message[];
  readonly bytes: number;
}

/** Cuts an append into what one record batch may hold; a larger record is a chunk of its own. */
export function chunked(records: readonly Outgoing[], partition: number, now: Date): Chunk[] {
  const chunks: Chunk[] = [];
  let messages: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = recordBytes(record);
    if (messages.length > 0 && !fits({ records: messages.length, bytes }, { records: 1, bytes: size })) {
      chunks.push({ messages, bytes });
      messages = [];
      bytes = 0;
    }
    messages.push(toMessage(record, partition, now));
    bytes += size;
  }
  if (messages.length > 0) chunks.push({ messages, bytes });
  return chunks;
}

interface Size {
  readonly records: number;
  readonly bytes: number;
}

/** Whether both may travel in one record batch. */
export function fits(a: Size, b: Size): boolean {
  return a.records + b.records <= CHUNK.records && a.bytes + b.bytes <= CHUNK.bytes;
}

function recordBytes({ key, headers = {}, value }: Outgoing): number {
  let bytes = FRAME_BYTES + (key?.byteLength ?? 0) + value.byteLength;
  for (const [name, content] of Object.entries(headers)) bytes += Buffer.byteLength(name) + content.byteLength + 10;
  return bytes;
}

function toMessage({ key, headers, value, timestamp }: Outgoing, partition: number, now: Date): Message {
  return {
    partition,
    key: key === undefined ? null : view(key),
    value: view(value),
    timestamp: String((timestamp ?? now).getTime()),
    ...(headers === undefined ? {} : { headers: toHeaders(headers) }),
  };
}

function toHeaders(headers: Headers): IHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, content]) => [name, view(content)]));
}

/** The same bytes as a Buffer, which kafkajs insists on. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
