import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../services/codec/event.ts';
import { openEventReader } from '../../services/codec/event-reader.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Batch, Fetch, SinkKind } from '../../services/core/sink.ts';
import { openProfile, openShow, type Profile } from '../../services/privacy/profile.ts';
import { datadog } from '../../services/sinks/datadog/index.ts';
import { loki } from '../../services/sinks/loki/index.ts';
import { attributesOf } from '../../services/sinks/otlp/attributes.ts';
import { otlpLogs } from '../../services/sinks/otlp/index.ts';
import { splunk } from '../../services/sinks/splunk/index.ts';
import { anyEvent } from '../support/any-event.ts';
import { fakeClock } from '../support/clock.ts';
import { full } from '../support/full-event.ts';
import { sinkTools } from '../support/sink-tools.ts';
import { hostile } from './hostile.ts';
import { plain } from './marks.ts';
import { ROUND } from './wires.ts';

/**
 * What lies in its datum is copied from there; what came of the store is written value by value. Both are the same bytes, whatever
 * the event holds: each is the other's twin.
 */

const URL = 'http://127.0.0.1:1';
const KEY = { env: 'KEY' };
const token = Buffer.alloc(32, 7);

const KINDS: readonly (readonly [string, SinkKind, object])[] = [
  ['splunk', splunk, { url: URL, token: KEY, ack: 'off' }],
  ['datadog', datadog, { url: URL, api_key: KEY }],
  ['loki', loki, { url: URL, max_line_bytes: 16_384 }],
  ['loki in JSON', loki, { url: URL, encoding: 'json' }],
  ['otlp-logs', otlpLogs, { endpoint: URL, compression: 'none', max_body_bytes: 10_000_000 }],
];

/** Bodies of the requests that batches make, one after the other. */
function opened(kind: SinkKind, settings: object, replay: boolean) {
  const bodies: Buffer[] = [];
  const fetch: Fetch = async (_url, { body }) => {
    bodies.push(Buffer.from(body ?? ''));
    return new Response(null, { status: 500 });
  };
  const tools = { ...sinkTools({ clock: fakeClock(ROUND), secrets: { KEY: 'key' }, replay }), fetch };
  const sink = kind.open(settings, tools);
  return async (batch: Batch): Promise<readonly Buffer[]> => {
    await sink.deliver(batch, new AbortController().signal);
    return bodies.splice(0);
  };
}

const datumOf = (event: AuditEvent): Buffer => encodeEvent(event).datum;

/** Rows of datums, each gone with the next. */
const rowsOf = (datums: readonly Buffer[], profile: Profile): Batch => {
  const read = openEventReader(openShow(profile, token), profile === 'clear');
  return {
    length: datums.length,
    *[Symbol.iterator]() {
      for (const datum of datums) yield read(datum);
    },
  };
};

const odd: readonly AuditEvent[] = hostile
  .filter(([name]) => name !== 'names of prototypes')
  .map(([, columns]) => plain(columns));
const small = odd.filter((event) => datumOf(event).length < 20_000);

describe.each(KINDS)('%s', (_, kind, settings) => {
  const same = async (events: readonly AuditEvent[], profile: Profile, replay = false) => {
    const bodiesOf = opened(kind, settings, replay);
    const datums = events.map(datumOf);
    const shown = datums.map((datum) => openProfile(profile, token)(decodeEvent(datum)));
    const [values, rows] = [await bodiesOf(shown), await bodiesOf(rowsOf(datums, profile))];
    expect(rows.length).toBe(values.length);
    for (const [index, body] of rows.entries()) expect(values[index]?.equals(body)).toBe(true);
    return rows.length;
  };

  test.each(['tokens', 'clear', 'none'] as const)('any event as %s', async (profile) => {
    const now = ROUND.getTime() * 1000;
    const events = fc.array(
      anyEvent.map((one) => ({ ...one, occurred_at: now + (one.occurred_at % 1_000_000) })),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(events, fc.boolean(), async (given, replay) => {
        expect(await same(given, profile, replay)).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('events that no decent source sends, each alone and the small ones together', async () => {
    for (const event of odd) await same([event], 'clear');
    await same(small, 'clear');
    expect(await same([full, plain(), full], 'tokens')).toBe(1);
  });
});

test('a span has the attributes of a row', () => {
  const read = openEventReader(openShow('tokens', token));
  fc.assert(
    fc.property(anyEvent, (one) => {
      const shown = openProfile('tokens', token)(decodeEvent(datumOf(one)));
      expect(attributesOf(read(datumOf(one)), false)).toEqual(attributesOf(shown, false));
    }),
  );
});
