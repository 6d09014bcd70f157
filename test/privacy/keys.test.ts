import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyDestroyed, openKeys } from '../../services/privacy/keys.ts';

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

describe('a key that was destroyed', () => {
  test('is gone for every process at once, and is never made again', async () => {
    const [here, there] = [openKeys(root), openKeys(root)];
    await Promise.all([here.get('a'), here.get('b'), there.get('a')]);
    await here.destroy('a');
    expect(readdirSync(root).sort()).toEqual(['b.key', 'destroyed.list']);
    for (const keys of [here, there, openKeys(root)]) {
      expect(await keys.find('a')).toBeUndefined();
      await expect(keys.get('a')).rejects.toThrow(KeyDestroyed);
      const all = await keys.getAll(['a', 'b']);
      expect([all.get('a'), all.get('b')]).toEqual(['destroyed', await here.get('b')]);
      expect(await keys.destroyed()).toBe(1);
    }
    expect(readdirSync(root).sort()).toEqual(['b.key', 'destroyed.list']);
  });

  test('before it was ever made is not made either', async () => {
    const keys = openKeys(join(root, 'keys'));
    await keys.destroy('a');
    await expect(keys.get('a')).rejects.toThrow(KeyDestroyed);
  });

  test('may be destroyed again, and many are told apart', async () => {
    const keys = openKeys(root);
    const names = Array.from({ length: 150 }, (_, index) => `k-${index}`);
    expect((await keys.getAll(names)).size).toBe(150);
    for (const name of ['k-1', 'k-1', 'k-10']) await keys.destroy(name);
    const other = openKeys(root);
    await Promise.all(names.map((name) => other.find(name)));
    await keys.destroy('k-149');
    expect(await other.find('k-149')).toBeUndefined();
    const all = await openKeys(root).getAll(names);
    expect([...all].filter(([, key]) => key === 'destroyed').map(([name]) => name)).toEqual(['k-1', 'k-10', 'k-149']);
  });

  test('by taking its file away is not made anew by whoever had it', async () => {
    const keys = openKeys(root);
    await keys.get('a');
    unlinkSync(join(root, 'a.key'));
    await expect(keys.get('a')).rejects.toThrow(KeyDestroyed);
    await expect(openKeys(root).get('a')).rejects.toThrow(KeyDestroyed);
  });

  test('is known though a crash cut the list short', async () => {
    const keys = openKeys(root);
    await keys.destroy('a');
    appendFileSync(join(root, 'destroyed.list'), '\nhalf-a-na');
    await keys.destroy('b');
    expect(await openKeys(root).find('b')).toBeUndefined();
    await expect(openKeys(root).get('b')).rejects.toThrow(KeyDestroyed);
  });
});
