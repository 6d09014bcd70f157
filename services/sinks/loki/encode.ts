import type { AuditEvent } from '../../core/event.ts';
import { lineOf } from './line.ts';
import { LIVE, metadataValue, REPLAYED } from './metadata.ts';
import type { Stream } from './streams.ts';

/** The body of a push as JSON; `encodePush` of protobuf.ts is its twin. */
export function encodeJson(streams: readonly Stream[], maxLineBytes: number): Buffer<ArrayBuffer> {
  const encoded = streams.map(({ labels, events, replayed }) => ({
    stream: labels,
    values: events.map((event) => [
      nanoseconds(event.occurred_at),
      lineOf(event, maxLineBytes),
      metadataOf(event, replayed),
    ]),
  }));
  return Buffer.from(JSON.stringify({ streams: encoded }));
}

/** Of microseconds, as text: the number would lose its last digits. */
const nanoseconds = (micros: number): string => (micros <= 0 ? '0' : `${micros}000`);

function metadataOf(event: AuditEvent, replayed: boolean): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  for (const column of replayed ? REPLAYED : LIVE) {
    const value = metadataValue(event, column);
    if (value !== '') metadata[column] = value;
  }
  return metadata;
}
