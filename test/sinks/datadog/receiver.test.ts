import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encode } from '../../../services/sinks/datadog/encode.ts';
import { written } from '../written.ts';
import { events, NOON, receiver } from './rig.ts';

const stamp = { service: 'trailhouse', tags: 'env:production', replay: false };
const HEADERS = { 'dd-api-key': 'dd-key', 'content-type': 'application/json' };

async function post(body: string | Buffer, headers: Record<string, string> = {}, path = '/api/v2/logs') {
  const intake = await receiver();
  const init = { method: 'POST', headers: { ...HEADERS, ...headers }, body: new Uint8Array(Buffer.from(body)) };
  return { intake, status: (await fetch(`${intake.url}${path}`, init)).status };
}

const logs = (count: number, columns = {}): Buffer => written((page) => encode(events(count, columns), stamp, page));

test.each([
  ['as it stands', logs(2), {}, 202],
  ['gzip', gzipSync(logs(2)), { 'content-encoding': 'gzip' }, 202],
  ['deflate', deflateSync(logs(2)), { 'content-encoding': 'deflate' }, 202],
  ['gzip that is none', logs(2), { 'content-encoding': 'gzip' }, 400],
  ['an encoding it does not know', logs(2), { 'content-encoding': 'br' }, 400],
  ['text', logs(2), { 'content-type': 'text/plain' }, 400],
  ['half an array', logs(2).subarray(0, 100), {}, 400],
  ['an object', '{}', {}, 400],
  ['no log', '[]', {}, 400],
  ['1,000 logs', logs(1_000), {}, 202],
  ['1,001 logs', logs(1_001), {}, 400],
  ['5 MB and more', logs(10, { command: 'x'.repeat(600_000) }), {}, 413],
  ['no key', logs(2), { 'dd-api-key': '' }, 403],
  ['a wrong key', logs(2), { 'dd-api-key': 'x' }, 403],
])('%s', async (_, body, headers, status) => {
  const said = await post(body, headers);
  expect(said.status).toBe(status);
  expect(said.intake.accepted().length > 0).toBe(status === 202);
});

test('another path', async () => {
  expect((await post(logs(1), {}, '/v1/input')).status).toBe(404);
});

test('a key that is missing', async () => {
  const intake = await receiver();
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[]' };
  expect((await fetch(`${intake.url}/api/v2/logs`, init)).status).toBe(401);
});

test.each([
  ['too_old', { timestamp: NOON.getTime() - 19 * 3_600_000 }, 0],
  ['too_new', { timestamp: NOON.getTime() + 3 * 3_600_000 }, 0],
  ['truncated', { more: 'x'.repeat(1_000_000) }, 1],
  ['too_many_attributes', Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`a${i}`, 1])), 1],
  ['too_many_tags', { ddtags: Array.from({ length: 101 }, (_, i) => `a:${i}`).join(',') }, 1],
])('202 all the same, and %s', async (flaw, more, held) => {
  const [log] = JSON.parse(logs(1).toString());
  const { intake, status } = await post(JSON.stringify([{ ...log, ...more }]));
  expect(status).toBe(202);
  expect(intake.flawed().map(({ flaws }) => flaws)).toEqual([[flaw]]);
  expect(intake.accepted()).toHaveLength(held);
});
