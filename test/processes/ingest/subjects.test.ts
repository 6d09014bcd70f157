import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeys } from '../../../services/privacy/keys.ts';
import { openSubjects } from '../../../services/processes/ingest/subjects.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'subjects-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function subjects() {
  let now = 1_000_000;
  const keys = openKeys(root);
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const later = (ms: number): void => {
    now += ms;
  };
  return { subjects: openSubjects(keys, clock), later };
}

test('a key that another process destroyed is used for no later batch, and its subject is sealed no more', async () => {
  const { subjects: mine } = subjects();
  await mine.renew();
  await mine.fetch(['ada', 'ben']);
  await mine.renew();
  expect([...mine.known.keys()]).toEqual(['ada', 'ben']);
  await openKeys(root).destroy('ada');
  await mine.renew();
  expect(mine.known.size).toBe(0);
  await mine.fetch(['ada', 'ben']);
  expect([mine.known.get('ada'), mine.known.get('ben') instanceof Uint8Array]).toEqual(['destroyed', true]);
});

test('one whose file was taken away by hand is used for a minute at most', async () => {
  const { subjects: mine, later } = subjects();
  await mine.renew();
  await mine.fetch(['ada']);
  unlinkSync(join(root, 'ada.key'));
  later(60_001);
  await mine.renew();
  await mine.fetch(['ada']);
  expect(mine.known.get('ada')).toBe('destroyed');
});
