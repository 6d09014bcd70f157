import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type AuditEvent } from '../../../services/core/event.ts';
import { streamsOf as placed, type Streaming } from '../../../services/sinks/loki/streams.ts';
import { event } from '../../support/event.ts';

const LIVE = { env: 'production', replay: false, lateAfterMs: 1_800_000 };
const REPLAY = { ...LIVE, replay: true };
const NOON = Date.UTC(2026, 5, 15, 12) * 1000;
const MINUTE = 60_000_000;

const streamsOf = (batch: readonly AuditEvent[], how: Streaming) => placed(batch, how, (one) => one);

test('has five labels of closed sets at most, whatever the events hold', () => {
  const word = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.record({ action: word, surface: word, outcome: word })), fc.boolean(), (batch, replay) => {
      const streams = streamsOf(batch.map(event), { ...LIVE, replay });
      expect(streams.length).toBeLessThanOrEqual(10 * 7 * 4);
      for (const { labels } of streams) {
        expect(Object.keys(labels).length).toBeLessThanOrEqual(5);
        for (const value of Object.values(labels)) expect(value).toMatch(/^[\w-]+$/);
      }
      expect(streams.flatMap(({ entries }) => entries)).toHaveLength(batch.length);
    }),
  );
});

test('knows what each action is about', () => {
  const categories = Object.keys(ACTIONS).map((action) => [
    action,
    streamsOf([event({ action })], LIVE)[0]?.labels.event_category,
  ]);
  expect(Object.fromEntries(categories)).toMatchObject({
    'llm.request': 'llm',
    'file.read': 'tool',
    'key.issued': 'identity',
  });
  expect(categories.filter(([, category]) => category === 'other')).toEqual([['activity.other', 'other']]);
});

test('puts a stream in the order of time and keeps what happened at once in the order it came', () => {
  const batch = [3, 1, 2, 1].map((at, i) => event({ event_id: `${i}`, occurred_at: NOON + at }));
  const [stream, ...others] = streamsOf(batch, LIVE);
  expect(others).toEqual([]);
  expect(stream?.entries.map(({ entry }) => entry.event_id)).toEqual(['1', '3', '2', '0']);
});

describe('what is replayed', () => {
  test('has a stream for each hour it happened in', () => {
    const batch = [0, 59, 60, 119].map((minute) => event({ occurred_at: NOON + minute * MINUTE }));
    expect(
      streamsOf(batch, REPLAY).map(({ labels, entries }) => [labels.replay, labels.occurred_hour, entries.length]),
    ).toEqual([
      ['1', '2026-06-15T12', 2],
      ['1', '2026-06-15T13', 2],
    ]);
  });

  test('has no surface and no outcome as label', () => {
    const [stream] = streamsOf([event({})], REPLAY);
    expect(stream?.labels).toEqual({
      service_name: 'trailhouse',
      env: 'production',
      event_category: 'llm',
      replay: '1',
      occurred_hour: '2026-06-15T12',
    });
    expect(stream?.replayed).toBe(true);
  });

  test('may be older than anything: an hour still has a name', () => {
    expect(streamsOf([event({ occurred_at: -1 })], REPLAY)[0]?.labels.occurred_hour).toBe('1969-12-31T23');
  });
});

test('what came late goes to the streams of replays, by its own columns alone', () => {
  const at = (minutes: number) => event({ occurred_at: NOON - minutes * MINUTE, ingested_at: NOON });
  expect(streamsOf([at(30)], LIVE)[0]?.replayed).toBe(false);
  expect(streamsOf([at(31)], LIVE)[0]?.labels).toMatchObject({ replay: '1', occurred_hour: '2026-06-15T11' });
});
