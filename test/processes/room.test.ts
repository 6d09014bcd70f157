import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuseFull } from '../../services/processes/room.ts';

let data: string;
let store: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'trailhouse-room-'));
  store = join(data, 'clickhouse');
});
afterEach(() => rmSync(data, { recursive: true }));

test('a new store wants room', async () => {
  await expect(refuseFull(data, store, 1)).resolves.toBeUndefined();
  await expect(refuseFull(data, store, Number.MAX_SAFE_INTEGER)).rejects.toThrow(/^data: the disk of .* has no room/);
});

test('a store that was begun, and has no database yet, is a new one', async () => {
  mkdirSync(join(store, 'metadata'), { recursive: true });
  await expect(refuseFull(data, store, Number.MAX_SAFE_INTEGER)).rejects.toThrow(/no room/);
});

test('a store with its database is opened whatever room there is', async () => {
  mkdirSync(join(store, 'metadata'), { recursive: true });
  writeFileSync(join(store, 'metadata', 'audit.sql'), 'ATTACH DATABASE');
  await expect(refuseFull(data, store, Number.MAX_SAFE_INTEGER)).resolves.toBeUndefined();
});
