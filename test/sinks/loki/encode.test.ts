import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { openJsonEncoder } from '../../../services/sinks/loki/encode.ts';
import { putLine } from '../../../services/sinks/loki/line.ts';
import { LIVE, MAX_VALUE_CHARACTERS, REPLAYED } from '../../../services/sinks/loki/metadata.ts';
import { openPushEncoder, selector } from '../../../services/sinks/loki/protobuf.ts';
import { type Streaming, streamsOf } from '../../../services/sinks/loki/streams.ts';
import { event } from '../../support/event.ts';
import { readPush } from '../../support/receivers/loki/decode.ts';
import { written } from '../written.ts';

const MAX = 262_144;
const encodePush = openPushEncoder(MAX);
const encodeJson = openJsonEncoder(MAX);
const lineOf = (one: AuditEvent): string => written((page) => putLine(page, one, MAX)).toString();
const STREAMING = { env: 'production', replay: false, lateAfterMs: 1_800_000 };
const NOON = Date.UTC(2026, 5, 15, 12) * 1000;

const batch: readonly AuditEvent[] = [
  event({ event_id: '00a1b200-0000-8000-8000-000000000001' }),
  event({
    event_id: '00a1b200-0000-8000-8000-000000000002',
    occurred_at: NOON + 1,
    action: 'mcp.tool.call',
    outcome: 'denied',
    surface: 'ide',
    actor_id: 'u_17',
    actor_email: 'tok_ZmlndXJl',
    session_id: 's-1',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    tool_name: 'read_file',
    mcp_server: 'files',
    status_code: 403,
    guardrails: [
      {
        name: 'pii',
        provider: 'own',
        phase: 'pre',
        mode: 'validate',
        verdict: 'block',
        categories: ['email'],
        masked_count: 0,
      },
    ],
    data_classes: ['pii'],
    content_commitment: Buffer.alloc(32, 0xab),
    content_bytes: 5,
    file_paths: ['/etc/hosts', 'C:\\temp\\"x"'],
    command: 'echo "größe" \u2028 ☃ 🐻',
    attributes: { 'terminal.type': 'vscode' },
    personal_attributes: { 'user.locale': 'de' },
  }),
  event({ event_id: '00a1b200-0000-8000-8000-000000000003', occurred_at: NOON - 7_200_000_000, outcome: 'failure' }),
];

describe('reads at the receiver as', () => {
  const golden = (name: string) => new URL(`../../golden/sinks/loki/${name}`, import.meta.url).pathname;

  test.each([
    ['live', false],
    ['replay', true],
  ])('%s', async (name, replay) => {
    const streaming = { ...STREAMING, replay };
    const readable = readPush(encodePush(batch, streaming).plain).map(({ labels, entries }) => ({
      labels,
      entries: entries.map(({ nanos, line, metadata }) => ({
        nanos: String(nanos),
        line: JSON.parse(line),
        metadata: Object.fromEntries(metadata),
      })),
    }));
    await expect(`${JSON.stringify(readable, null, 2)}\n`).toMatchFileSnapshot(golden(`${name}.protobuf.wire.json`));
    const json = JSON.stringify(JSON.parse(encodeJson(batch, streaming).plain.toString()), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot(golden(`${name}.json.wire.json`));
  });
});

/** The slow twin: every message forked, every length measured forwards. */
function plainly(batch: readonly AuditEvent[], streaming: Streaming): Uint8Array {
  const push = new BinaryWriter();
  for (const { labels, entries, replayed } of streamsOf(batch, streaming, (one) => one)) {
    push.tag(1, 2).fork().tag(1, 2).string(selector(labels));
    for (const { entry: one } of entries) {
      const micros = Math.max(0, one.occurred_at);
      const seconds = Math.floor(micros / 1_000_000);
      push.tag(2, 2).fork().tag(1, 2).fork();
      if (seconds > 0) push.tag(1, 0).int64(seconds);
      if (micros % 1_000_000 > 0) push.tag(2, 0).int32((micros % 1_000_000) * 1000);
      push.join().tag(2, 2).string(lineOf(one));
      for (const name of replayed ? REPLAYED : LIVE) {
        const value = one[name];
        if (value === null || value === '' || String(value).length > MAX_VALUE_CHARACTERS) continue;
        push.tag(3, 2).fork().tag(1, 2).string(name).tag(2, 2).string(String(value)).join();
      }
      push.join();
    }
    push.join();
  }
  return push.finish();
}

describe('protobuf', () => {
  const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
  const events = fc.array(
    fc
      .record({
        event_id: text,
        occurred_at: fc.oneof(fc.integer({ min: -5, max: 5_000_000 }), fc.integer({ min: NOON, max: NOON * 4 })),
        action: fc.constantFrom('llm.request', 'shell.exec', 'config.changed'),
        command: text,
        target: text,
        tokens_prompt: fc.option(fc.maxSafeInteger()),
      })
      .map(event),
    { maxLength: 20 },
  );

  test('is byte for byte what a writer of protobuf gives', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (given, replay) => {
        const streaming = { ...STREAMING, replay };
        expect(encodePush(given, streaming).plain.equals(plainly(given, streaming))).toBe(true);
      }),
    );
  });

  test('also when it outgrows its buffer', () => {
    const given = Array.from({ length: 40 }, (_, i) => event({ command: '☃'.repeat(i * 900), occurred_at: NOON + i }));
    expect(encodePush(given, STREAMING).plain.equals(plainly(given, STREAMING))).toBe(true);
  });

  test('of the same events is the same bytes', () => {
    const bytes = () => Buffer.from(encodePush(batch, STREAMING).plain);
    expect(bytes().equals(bytes())).toBe(true);
  });
});

test('JSON says what protobuf says', () => {
  const said = JSON.parse(encodeJson(batch, STREAMING).plain.toString()).streams;
  const pushed = readPush(encodePush(batch, STREAMING).plain).map(({ entries }) =>
    entries.map(({ nanos, line, metadata }) => [String(nanos), line, Object.fromEntries(metadata)]),
  );
  expect(said.map(({ values }: { values: unknown }) => values)).toEqual(pushed);
});

test('a value too long for metadata is in the line alone', () => {
  const target = 'x'.repeat(MAX_VALUE_CHARACTERS + 1);
  const [stream] = readPush(encodePush([event({ target })], STREAMING).plain);
  const [entry] = stream?.entries ?? [];
  expect(Object.fromEntries(entry?.metadata ?? [])).not.toHaveProperty('target');
  expect(JSON.parse(entry?.line ?? '')).toMatchObject({ target });
});
