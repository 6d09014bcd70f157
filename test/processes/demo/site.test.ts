import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../../services/processes/config.ts';
import { asDemo, site } from '../../../services/processes/demo/site.ts';
import { readKeyFile } from '../../../services/processes/retain/key.ts';
import { openLedgerKeys } from '../../../services/processes/seal/keys.ts';

const DAY = Date.UTC(2026, 2, 4);

let folder: string;
const config = () => readConfig(undefined, { TRAILHOUSE_DATA: folder });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailhouse-site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('signs under keys of its own, that stay', async () => {
  const first = await site(config(), DAY);
  const files = [first.retention, first.ledger, first.evidence].map(({ signing_key = '' }) => signing_key);
  for (const file of files) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await readKeyFile(file);
  }
  const before = files.map((file) => readFileSync(file, 'utf8'));
  expect(new Set(before).size).toBe(3);
  expect((await openLedgerKeys(first.ledger))?.origin).toBe('audit.alderbrook.example');

  await site(config(), DAY);
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});

test('commands beside it know what it was started with', async () => {
  const started = await site(config(), DAY);
  expect(await asDemo(config())).toEqual(started);
});

test('where it was never started, nothing is made', async () => {
  expect(await asDemo(config())).toEqual(config());
});
