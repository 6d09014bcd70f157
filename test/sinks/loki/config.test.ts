import { describe, expect, test } from 'vitest';
import { loki } from '../../../services/sinks/loki/index.ts';
import { event } from '../../support/event.ts';
import { sinkTools } from '../../support/sink-tools.ts';

const url = 'http://127.0.0.1:3100';

describe('is turned down at start', () => {
  test.each<[string, object]>([
    ['no address', {}],
    ['a password in the address', { url: 'https://me:secret@loki.example.org' }],
    ['a misspelt key', { url, tennant: 'acme' }],
    ['several tenants', { url, tenant: 'acme|other' }],
    ['a header in a tenant', { url, tenant: 'acme\r\nx: y' }],
    ['a token as it is', { url, auth: { token: 'secret' } }],
    ['a name without a password', { url, auth: { username: 'me' } }],
    ['two identities', { url, auth: { username: 'me', password: { env: 'P' }, token: { env: 'T' } } }],
    ['a colon in a name', { url, auth: { username: 'me:you', password: { env: 'P' } } }],
    ['an unknown encoding', { url, encoding: 'avro' }],
    ['a label that needs an escape', { url, env: 'a"b' }],
    ['a line too short for an event', { url, max_line_bytes: 100 }],
  ])('%s', (_, settings) => {
    expect(() => loki.open(settings, sinkTools())).toThrow();
  });
});

/** What a push with these settings goes out with. */
async function sent(settings: object, secrets: Readonly<Record<string, string>> = {}) {
  const requests: { url: string; headers: Headers; redirect: unknown }[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    requests.push({ url: String(input), headers: new Headers(init?.headers), redirect: init?.redirect });
    return new Response(null, { status: 204 });
  };
  const sink = loki.open({ url, ...settings }, sinkTools({ fetch, secrets }));
  await sink.deliver([event({})], new AbortController().signal);
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was sent');
  return request;
}

test('pushes below the address, also behind a path', async () => {
  expect((await sent({})).url).toBe(`${url}/loki/api/v1/push`);
  expect((await sent({ url: `${url}/logs/` })).url).toBe(`${url}/logs/loki/api/v1/push`);
});

test('follows no redirect', async () => {
  expect((await sent({})).redirect).toBe('manual');
});

test('names the tenant, and nobody where there is none', async () => {
  expect((await sent({ tenant: 'acme' })).headers.get('x-scope-orgid')).toBe('acme');
  const { headers } = await sent({});
  expect([headers.get('x-scope-orgid'), headers.get('authorization')]).toEqual([null, null]);
});

test('signs in by token or by name and password', async () => {
  const secrets = { T: 't0ken', P: 'pässword' };
  const authorization = async (auth: object) => (await sent({ auth }, secrets)).headers.get('authorization');
  expect(await authorization({ token: { env: 'T' } })).toBe('Bearer t0ken');
  expect(await authorization({ username: 'me', password: { env: 'P' } })).toBe(
    `Basic ${Buffer.from('me:pässword').toString('base64')}`,
  );
});

test('says how the body is packed', async () => {
  const packing = ({ headers }: { headers: Headers }) => [headers.get('content-type'), headers.get('content-encoding')];
  expect(packing(await sent({}))).toEqual(['application/x-protobuf', null]);
  expect(packing(await sent({ encoding: 'json' }))).toEqual(['application/json', 'gzip']);
});
