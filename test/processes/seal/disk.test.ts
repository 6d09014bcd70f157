import * as files from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { disk } from '../../../services/processes/seal/disk.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  return { ...real, link: vi.fn(real.link), unlink: vi.fn(real.unlink) };
});

/** Storage of the customer's choice, which may know neither second names nor deletion. */

let folder: string;
const refusal = (code: string) => async () => Promise.reject(Object.assign(new Error(code), { code }));
const bytes = Buffer.from('signed');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trailhouse-disk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => void vi.clearAllMocks());

test('a file is written once, and what lost leaves nothing behind', async () => {
  const path = join(folder, 'once', 'a');
  expect(await disk.writeOnce({ path, bytes })).toBe(true);
  expect(await disk.writeOnce({ path, bytes: Buffer.from('other') })).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('signed');
  expect(await readdir(join(folder, 'once'))).toEqual(['a']);
});

test('where nothing can be deleted it is written all the same, and again', async () => {
  vi.mocked(files.unlink).mockImplementation(refusal('EPERM'));
  const path = join(folder, 'worm', 'a');
  expect(await disk.writeOnce({ path, bytes })).toBe(true);
  expect(await disk.writeOnce({ path, bytes })).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('signed');
});

test('where files have one name alone it is written under that', async () => {
  vi.mocked(files.link).mockImplementation(refusal('ENOTSUP'));
  const path = join(folder, 'linkless', 'a');
  expect(await disk.writeOnce({ path, bytes })).toBe(true);
  expect(await disk.writeOnce({ path, bytes: Buffer.from('other') })).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('signed');
});

test('a full disk is an error, not a file', async () => {
  vi.mocked(files.link).mockImplementation(refusal('ENOSPC'));
  const path = join(folder, 'full', 'a');
  await expect(disk.writeOnce({ path, bytes })).rejects.toThrow('ENOSPC');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
