import { describe, expect, test } from 'vitest';
import { formats } from '../../../services/formats/index.ts';
import { DEFAULT_TOPICS } from '../../../services/processes/bindings.ts';
import { BROKEN } from '../../../services/processes/demo/broken.ts';
import { demoDay, lastDay } from '../../../services/processes/demo/day.ts';
import { CUSTOMER, OLD_KEY, SECRETS } from '../../../services/processes/demo/script.ts';
import { settledDay } from '../../support/day-events.ts';

const NOW = new Date('2026-06-02T09:30:00Z');
const day = demoDay(lastDay(NOW));
const { events, quarantined, skipped, bytes } = settledDay(NOW);

const tally = <T>(list: readonly T[], nameOf: (one: T) => string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(list, nameOf)]
      .map(([name, some]) => [name, some.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

test('the same day is the same bytes', () => {
  const again = demoDay(lastDay(NOW));
  expect(again.length).toBe(day.length);
  for (const [index, { topic, at, value }] of day.entries()) {
    const twin = again[index];
    if (twin?.topic !== topic || twin.at !== at || !Buffer.from(twin.value).equals(value))
      expect(twin, `message ${index}`).toEqual({ topic, at, value });
  }
});

test('it happens within the day, in the order it is received', () => {
  const midnight = lastDay(NOW);
  const times = day.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const elsewhen = events.filter(({ occurred_at }) => Math.floor((occurred_at / 1000 - midnight) / 86_400_000) !== 0);
  expect(elsewhen.map(({ action, target }) => [action, target])).toEqual([['key.issued', OLD_KEY.alias]]);
});

describe('what arrives', () => {
  test('about twenty thousand events', () => {
    expect(events.length).toBeGreaterThanOrEqual(19_000);
    expect(events.length).toBeLessThanOrEqual(21_500);
    expect(skipped).toBe(0);
  });

  test('of every format', () => {
    const found = tally(events, ({ format }) => format);
    expect(Object.keys(found)).toEqual(formats.map(({ name }) => name).sort());
    expect(found).toMatchInlineSnapshot(`
      {
        "agentgateway": 880,
        "claude-apps-gateway": 560,
        "claude-code-hooks": 2417,
        "claude-code-otel": 6431,
        "claude-compliance": 858,
        "contextforge": 774,
        "envelope": 1035,
        "envoy-ai-gateway": 640,
        "kong-ai": 1125,
        "litellm": 2632,
        "litellm-spend": 1050,
        "mcp-jsonrpc": 608,
        "obot": 1283,
      }
    `);
  });

  test('on every topic', () => {
    const found = tally(events, ({ origin_topic }) => origin_topic);
    expect(Object.keys(found)).toEqual(Object.keys(DEFAULT_TOPICS).sort());
    expect(found).toMatchInlineSnapshot(`
      {
        "compliance.events": 858,
        "endpoint.events": 987,
        "endpoint.hooks": 2417,
        "endpoint.otlp": 4279,
        "endpoint.otlp_json": 2152,
        "gateway.access": 620,
        "gateway.events": 2635,
        "gateway.logs": 2585,
        "gateway.spend": 1050,
        "identity.events": 45,
        "mcp.captures": 608,
        "mcp.events": 2057,
      }
    `);
  });

  test('from every surface', () => {
    expect(tally(events, ({ surface }) => surface)).toMatchInlineSnapshot(`
      {
        "": 6601,
        "admin": 47,
        "api": 5091,
        "cli": 6233,
        "desktop": 1213,
        "web": 1108,
      }
    `);
  });

  test('by forty people', () => {
    const people = new Set(events.map(({ actor_email }) => actor_email).filter((email) => email !== ''));
    expect(people.size).toBe(40);
  });
});

test('nothing is turned down but the broken messages, each with its reason', () => {
  const told = quarantined.map(({ origin_topic, reason }) => ({ topic: origin_topic, reason }));
  const byTopic = (a: { readonly topic: string }, b: { readonly topic: string }) => (a.topic < b.topic ? -1 : 1);
  const expected = BROKEN.map(({ topic, reason }) => ({ topic, reason }));
  expect(told.toSorted(byTopic)).toEqual(expected.toSorted(byTopic));
});

test('no pasted secret survives, nor who the customer is', () => {
  const raw = day.map(({ value }) => Buffer.from(value));
  const stored = bytes.map((one) => Buffer.from(one));
  for (const [index, words] of [...SECRETS, CUSTOMER.email, CUSTOMER.phone].entries()) {
    expect(
      raw.some((one) => one.includes(words)),
      `words ${index} were said`,
    ).toBe(true);
    expect(
      stored.some((one) => one.includes(words)),
      `words ${index} are stored`,
    ).toBe(false);
    expect(
      quarantined.some(({ reason }) => reason.includes(words)),
      `words ${index} are a reason`,
    ).toBe(false);
  }
  expect(events.some(({ data_classes }) => data_classes.includes('pii'))).toBe(true);
});
