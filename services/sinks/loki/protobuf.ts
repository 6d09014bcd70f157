import { columnAt } from '../../codec/event-columns.ts';
import { EventRow } from '../../codec/event-row.ts';
import type { AuditEvent } from '../../core/event.ts';
import { Page } from '../page.ts';
import { ProtoWriter } from '../proto-writer.ts';
import { putLine } from './line.ts';
import { LIVE, MAX_VALUE_CHARACTERS, metadataValue, REPLAYED } from './metadata.ts';
import { type EncodePush, pushOf } from './push.ts';
import { type Labels, type Stream, streamsOf } from './streams.ts';

/** Field numbers and wire types of logproto's PushRequest (grafana/loki, pkg/push/push.proto); all are length-delimited but two. */
const STREAMS = 0x0a;
const LABELS = 0x0a;
const ENTRIES = 0x12;
const TIMESTAMP = 0x0a;
const SECONDS_VARINT = 0x08;
const NANOS_VARINT = 0x10;
const LINE = 0x12;
const METADATA = 0x1a;
const NAME = 0x0a;
const VALUE = 0x12;

/** What a push usually stays below: a buffer that grows is copied. */
const USUAL_BYTES = 4_000_000;

interface Pair {
  readonly column: (typeof LIVE)[number];
  readonly at: number;
  /** The encoded name and the tag of the value. */
  readonly head: Uint8Array;
}

const pairs = (columns: typeof LIVE): readonly Pair[] =>
  columns.map((column) => ({
    column,
    at: columnAt(column),
    head: Uint8Array.of(NAME, column.length, ...Buffer.from(column), VALUE),
  }));
const LIVE_PAIRS = pairs(LIVE);
const REPLAYED_PAIRS = pairs(REPLAYED);

/** Where an entry lies. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Pushes as PushRequest. Entries are written as their events come by and put in the order of their streams afterwards. Every push
 * is written into the same memory, and so is gone with the next: what is new to a process costs it page faults.
 */
export function openPushEncoder(maxLineBytes: number): EncodePush {
  const line = new Page();
  const entries = new ProtoWriter(USUAL_BYTES);
  const out = new ProtoWriter(USUAL_BYTES);
  const entryOf = (event: AuditEvent, replayed: boolean): Span => {
    const start = entries.length;
    putTimestamp(entries, event.occurred_at);
    line.cut(0);
    putLine(line, event, maxLineBytes);
    entries.byte(LINE);
    entries.varint(line.length);
    entries.raw(line.written());
    for (const pair of replayed ? REPLAYED_PAIRS : LIVE_PAIRS) putPair(entries, event, pair);
    return { start, end: entries.length };
  };
  return (batch, streaming) => {
    entries.cut(0);
    out.cut(0);
    const streams = streamsOf(batch, streaming, entryOf);
    const written = entries.finish();
    for (const stream of streams) putStream(out, stream, written);
    return pushOf(streams, out.finish());
  };
}

function putStream(out: ProtoWriter, { labels, entries }: Stream<Span>, written: Buffer): void {
  out.byte(STREAMS);
  const stream = out.open(2);
  out.byte(LABELS);
  out.text(selector(labels));
  for (const { entry } of entries) {
    out.byte(ENTRIES);
    out.varint(entry.end - entry.start);
    out.raw(written.subarray(entry.start, entry.end));
  }
  out.close(stream, 2);
}

/** What is older than 1970 is sent as 1970: Loki turns down both, and the line tells the truth. */
function putTimestamp(out: ProtoWriter, micros: number): void {
  const since = Math.max(0, micros);
  const seconds = Math.floor(since / 1_000_000);
  const nanos = (since - seconds * 1_000_000) * 1_000;
  out.byte(TIMESTAMP);
  const timestamp = out.open(1);
  if (seconds > 0) {
    out.byte(SECONDS_VARINT);
    out.varint(seconds);
  }
  if (nanos > 0) {
    out.byte(NANOS_VARINT);
    out.varint(nanos);
  }
  out.close(timestamp, 1);
}

function putPair(out: ProtoWriter, event: AuditEvent, { column, at, head }: Pair): void {
  if (event instanceof EventRow) {
    const { cells } = event;
    const { length } = out;
    const size = cells.size(at);
    if (size === 0 && cells.isText(at)) return;
    // What is longer in bytes may be short enough in characters.
    if (size <= MAX_VALUE_CHARACTERS && cells.isCopied(at)) {
      out.byte(METADATA);
      out.varint(head.length + (size < 128 ? 1 : 2) + size);
      out.raw(head);
      out.varint(size);
      if (out.ascii(cells.memory, cells.start(at), size)) return;
      out.cut(length);
    }
  }
  const value = metadataValue(event, column);
  if (value === '') return;
  out.byte(METADATA);
  const pair = out.open(1);
  out.raw(head);
  out.text(value);
  out.close(pair, 1);
}

/** Labels as Loki writes them, by name. Ours need no escape that Go and JSON write differently. */
export function selector(labels: Labels): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${matchers.sort().join(', ')}}`;
}
