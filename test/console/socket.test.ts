import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Answer, Desk } from '../../services/console/desk.ts';
import { listenOnSocket, remoteDesk } from '../../services/console/socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-socket-'));
afterAll(() => rmSync(folder, { recursive: true }));

const asker = { id: 'ada', address: '', userAgent: 'test' };

async function listening(answer: () => Promise<Answer>) {
  const path = join(folder, 'desk.sock');
  const desk: Desk = {
    select: answer,
    named: answer,
    quarantined: answer,
    retry: answer,
    operate: answer,
    hold: answer,
    reveal: answer,
    review: answer,
    erase: answer,
  };
  return { path, server: await listenOnSocket(path, desk) };
}

test('calls reach the desk, over a socket of its owner alone', async () => {
  const { path, server } = await listening(async () => ({ kind: 'text', text: '1\n', rows: 1 }));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const asked = await remoteDesk(path).select({ sql: 'SELECT 1', format: 'TSV', params: {} }, asker);
  expect(asked).toEqual({ kind: 'text', text: '1\n', rows: 1 });
  await server.close();
});

test.each([
  { call: 'select', asker: { ...asker, userAgent: 'x'.repeat(2_000) }, sql: 'SELECT 1', format: 'TSV', params: {} },
  { call: 'select', asker, sql: 'SELECT 1', format: 'x'.repeat(2_000), params: {} },
  { call: 'select', asker, sql: 1, format: 'TSV', params: {} },
  { call: 'quarantined', asker, id: 'x'.repeat(2_000) },
  { call: 'close' },
])('a call that would not fit the trail is turned down', async (payload) => {
  const { server } = await listening(() => Promise.reject(new Error('asked')));
  const got = await server.inject({ method: 'POST', url: '/', payload });
  expect([got.statusCode, got.json()]).toEqual([400, { kind: 'refused', reason: 'not a call this version knows' }]);
  await server.close();
});

test('an error is named, its words stay here', async () => {
  const { path, server } = await listening(() => Promise.reject(new TypeError('prompt: my password is')));
  const asked = await remoteDesk(path).retry('an-id', '', asker);
  expect(asked).toEqual({ kind: 'refused', reason: 'failed with TypeError' });
  await server.close();
});
