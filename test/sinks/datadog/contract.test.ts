import { describe, expect, test } from 'vitest';
import { datadog } from '../../../services/sinks/datadog/index.ts';
import { fakeClock } from '../../support/clock.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { events, ids, NOON, receiver, SECRETS, sinkOn } from './rig.ts';

const words = JSON.stringify({ errors: [{ status: '4xx', title: 'Bad', detail: 'quotes ada@example.com' }] });
const json = { 'content-type': 'application/json' };

test('202 is a delivery', async () => {
  const intake = await receiver();
  const batch = events(3);
  expect(await sinkOn(intake).deliver(batch)).toEqual({ kind: 'delivered' });
  expect(ids(intake.accepted())).toEqual(ids(batch));
  expect(intake.flawed()).toEqual([]);
});

describe('what the intake answers', () => {
  test.each([
    [200, 'retry'],
    [201, 'retry'],
    [204, 'retry'],
    [301, 'parked'],
    [307, 'parked'],
    [400, 'refused'],
    [401, 'parked'],
    [403, 'parked'],
    [404, 'parked'],
    [408, 'retry'],
    [409, 'retry'],
    [413, 'refused'],
    [415, 'retry'],
    [422, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
  ])('%i is %s, in no words of the intake', async (status, kind) => {
    const intake = await receiver();
    intake.script({ kind: 'answer', status, headers: { ...json, location: '/' }, body: status === 204 ? '' : words });
    const answer = await sinkOn(intake).deliver(events(2));
    expect(answer.kind).toBe(kind);
    expect(JSON.stringify(answer)).toContain(`HTTP ${status}`);
    expect(JSON.stringify(answer)).not.toContain('ada@example.com');
    expect(intake.accepted()).toEqual([]);
  });

  test.each([
    ['a page', 400, '\n<html>400 Bad Request</html>', 'retry'],
    ['nothing', 400, '', 'refused'],
    ['a page', 413, '<html>413 Request Entity Too Large</html>', 'refused'],
    ['a page', 202, '<html>', 'delivered'],
  ])('%s with %i', async (_, status, body, kind) => {
    const intake = await receiver();
    intake.script({ kind: 'answer', status, body });
    expect((await sinkOn(intake).deliver(events(2))).kind).toBe(kind);
  });

  test.each([
    ['retry-after', '7', 7_000],
    ['retry-after', 'Mon, 15 Jun 2026 12:01:00 GMT', 60_000],
    ['x-ratelimit-reset', '12', 12_000],
    ['x-ratelimit-limit', '12', undefined],
  ])('a 429 with %s: %s', async (name, value, afterMs) => {
    const intake = await receiver();
    intake.script({ kind: 'answer', status: 429, headers: { [name]: value } });
    expect(await sinkOn(intake).deliver(events(1))).toEqual({ kind: 'retry', reason: 'HTTP 429', afterMs });
  });
});

describe('the key', () => {
  test('a wrong one parks, a rotated one heals', async () => {
    const intake = await receiver();
    const secrets: Record<string, string> = { ...SECRETS };
    const { deliver } = sinkOn(intake, {}, { secrets });
    intake.rotate('new-key');
    expect(await deliver(events(1))).toEqual({ kind: 'parked', reason: 'HTTP 403' });
    secrets.DD_API_KEY = 'new-key';
    expect(await deliver(events(1))).toEqual({ kind: 'delivered' });
  });

  test('an empty one parks', async () => {
    const intake = await receiver();
    expect((await sinkOn(intake, {}, { secrets: { DD_API_KEY: '' } }).deliver(events(1))).kind).toBe('parked');
  });
});

test('a lost reply leaves the events there, and the same ones are sent again', async () => {
  const intake = await receiver();
  const { deliver } = sinkOn(intake);
  intake.script({ kind: 'reset', when: 'after' });
  await expect(deliver(events(2))).rejects.toThrow();
  expect(await deliver(events(2))).toEqual({ kind: 'delivered' });
  expect(ids(intake.accepted())).toEqual([...ids(events(2)), ...ids(events(2))]);
});

test.each(['before', 'mid-body'] as const)('a connection lost %s is no delivery', async (when) => {
  const intake = await receiver();
  intake.script({ kind: 'reset', when });
  await expect(sinkOn(intake).deliver(events(2))).rejects.toThrow();
  expect(intake.accepted()).toEqual([]);
});

test('a receiver that hangs is left by the signal', async () => {
  const intake = await receiver();
  intake.script({ kind: 'hang' });
  const sink = datadog.open(
    { url: intake.url, api_key: { env: 'DD_API_KEY' } },
    sinkTools({ secrets: SECRETS, clock: fakeClock(NOON) }),
  );
  const stop = new AbortController();
  const answer = sink.deliver(events(1), stop.signal);
  stop.abort(new Error('asked to stop'));
  await expect(answer).rejects.toThrow('asked to stop');
  expect(intake.accepted()).toEqual([]);
});

test('a site is the address of its intake', async () => {
  const asked: string[] = [];
  const tools = sinkTools({
    secrets: SECRETS,
    clock: fakeClock(NOON),
    fetch: async (url) => {
      asked.push(String(url));
      return new Response('{}', { status: 202 });
    },
  });
  const sink = datadog.open({ site: 'us3.datadoghq.com', api_key: { env: 'DD_API_KEY' } }, tools);
  await sink.deliver(events(1), new AbortController().signal);
  expect(asked).toEqual(['https://http-intake.logs.us3.datadoghq.com/api/v2/logs']);
});

const good = { site: 'datadoghq.eu', api_key: { env: 'DD_API_KEY' } };

test('defaults', () => {
  expect(datadog.config.parse(good)).toEqual({ ...good, service: 'trailhouse', env: 'production', tags: [] });
});

test.each([
  ['neither site nor url', { site: undefined }],
  ['site and url', { url: 'https://proxy.example' }],
  ['a site that is none', { site: 'datadog.com' }],
  ['a url that is none', { site: undefined, url: 'proxy' }],
  ['a password in the url', { site: undefined, url: 'https://a:b@proxy.example' }],
  ['a key as it stands', { api_key: 'abc' }],
  ['an unknown key', { apikey: 'abc' }],
  ['two tags in one', { tags: ['a:b,c:d'] }],
  ['a tag Datadog would rewrite', { tags: ['Team:Security'] }],
  ['a service Datadog would rewrite', { service: 'My Service' }],
])('turns down %s', (_, wrong) => {
  expect(datadog.config.safeParse({ ...good, ...wrong }).success).toBe(false);
});
