import { mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeys } from '../../services/privacy/keys.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('makes a key on first use and finds it again, also after a restart', async () => {
  const directory = join(root, 'a', 'keys');
  const keys = openKeys(directory);
  expect(await keys.find('day-1')).toBeUndefined();
  const key = await keys.get('day-1');
  expect(key.length).toBe(32);
  expect(await keys.get('day-1')).toEqual(key);
  expect(await keys.find('day-1')).toEqual(key);
  expect(await openKeys(directory).find('day-1')).toEqual(key);
  expect(await keys.get('day-2')).not.toEqual(key);
});

test('only the owner may enter the directory or read a key; nothing is left beside the keys', async () => {
  const directory = join(root, 'keys');
  await openKeys(directory).get('a');
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'a.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['a.key']);
});

test('everyone who asks at once gets the same key', async () => {
  const made = await Promise.all(Array.from({ length: 40 }, () => openKeys(join(root, 'keys')).get('shared')));
  expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(readdirSync(join(root, 'keys'))).toEqual(['shared.key']);
});

test('find makes nothing', async () => {
  await openKeys(join(root, 'keys')).find('a');
  expect(readdirSync(root)).toEqual([]);
});

test.each(['', 'A', '../a', 'a/b', 'a.b', 'a b', 'ä', 'a'.repeat(201)])('refuses the name %j', async (name) => {
  const keys = openKeys(root);
  await expect(keys.get(name)).rejects.toThrow(RangeError);
  await expect(keys.find(name)).rejects.toThrow(RangeError);
});

test('a key that is damaged is refused, and looked at again', async () => {
  const keys = openKeys(root);
  writeFileSync(join(root, 'a.key'), 'short');
  await expect(keys.get('a')).rejects.toThrow('32 bytes');
  unlinkSync(join(root, 'a.key'));
  expect((await keys.get('a')).length).toBe(32);
});
