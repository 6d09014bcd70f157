import type { AuditEvent } from '../../core/event.ts';
import { Page } from '../page.ts';
import { putLine } from './line.ts';
import { LIVE, metadataValue, REPLAYED } from './metadata.ts';
import { type EncodePush, pushOf } from './push.ts';
import { streamsOf } from './streams.ts';

/** Pushes as JSON; `openPushEncoder` of protobuf.ts is its twin. */
export function openJsonEncoder(maxLineBytes: number): EncodePush {
  const page = new Page();
  const entryOf = (event: AuditEvent, replayed: boolean) => {
    page.cut(0);
    putLine(page, event, maxLineBytes);
    return [nanoseconds(event.occurred_at), page.written().toString(), metadataOf(event, replayed)];
  };
  return (batch, streaming) => {
    const streams = streamsOf(batch, streaming, entryOf);
    const encoded = streams.map(({ labels, entries }) => ({
      stream: labels,
      values: entries.map(({ entry }) => entry),
    }));
    return pushOf(streams, Buffer.from(JSON.stringify({ streams: encoded })));
  };
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
