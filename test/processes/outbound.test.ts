import { createServer } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { checkTarget, isForbidden, openOutbound } from '../../services/processes/outbound.ts';

test.each([
  ['169.254.169.254', true],
  ['0.0.0.0', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['100.100.100.200', true],
  ['::', true],
  ['fe80::1', true],
  ['fd00:ec2::254', true],
  ['::ffff:169.254.169.254', true],
  ['::ffff:a9fe:a9fe', true],
  ['::a9fe:a9fe', true],
  ['64:ff9b::a9fe:a9fe', true],
  ['2002:a9fe:a9fe::1', true],
  ['fe80::1%eth0', true],
  ['168.63.129.16', true],
  ['fd20:ce::254', true],
  ['64:ff9b::cb00:7107', false],
  ['10.0.0.1', false],
  ['192.168.7.7', false],
  ['127.0.0.1', false],
  ['::1', false],
  ['fd12:3456::1', false],
  ['203.0.113.7', false],
])('%s is an address no receiver has: %s', (address, forbidden) => {
  expect(isForbidden(address)).toBe(forbidden);
});

test.each([
  ['https://169.254.169.254/latest', 'an address no receiver has'],
  ['https://[fe80::1]/', 'an address no receiver has'],
  ['https://2852039166/', 'an address no receiver has'],
  ['http://splunk.example:8088', 'in the clear'],
])('%s is refused', (url, words) => {
  expect(() => checkTarget('sinks.x.url', url, false)).toThrow(words);
});

test.each([
  ['http://127.0.0.1:8088', false],
  ['http://localhost:8088', false],
  ['http://loki:3100', true],
  ['https://10.1.2.3', false],
])('%s passes', (url, insecure) => {
  expect(() => checkTarget('sinks.x.url', url, insecure)).not.toThrow();
});

const server = createServer((request, response) => {
  if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end();
  else response.writeHead(204).end();
});
const { promise: listening, resolve } = Promise.withResolvers<void>();
server.listen(0, '127.0.0.1', resolve);
await listening;
const address = server.address();
const base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
afterAll(() => void server.close());

test('redirects are answers, and an answer without a body is one', async () => {
  const outbound = await openOutbound(undefined);
  const { signal } = new AbortController();
  const got = await outbound.fetch(`${base}/moved`, { method: 'POST', headers: {}, body: 'x', signal });
  expect([got.status, got.headers.get('location')]).toEqual([302, '/elsewhere']);
  expect((await outbound.fetch(base, { method: 'POST', headers: {}, signal })).status).toBe(204);
  await outbound.close();
});

test('no variable of the environment makes any certificate good', async () => {
  const outbound = await openOutbound(undefined);
  expect(outbound.agent('https:')).toHaveProperty('options.rejectUnauthorized', true);
  await outbound.close();
});

test('a certificate that cannot be read is named', async () => {
  await expect(openOutbound({ ca: '/nowhere/ca.pem' })).rejects.toThrow('/nowhere/ca.pem: cannot be read');
});
