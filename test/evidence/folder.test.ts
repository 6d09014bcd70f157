import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { fingerprintOf } from '../../services/evidence/manifest.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { built, type Site, site, temporary } from '../support/evidence.ts';

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

let here: string;
let made: Site;
let count = 0;

/** A bundle as a stranger has it: unpacked, with the verifier that came in it. */
beforeEach(async () => {
  here = join(folder, String(count++));
  made = await site(12, { erased: [2] });
  const zip = await openZip(await built(`${here}.zip`, made.parts, { profile: count % 2 === 0 ? 'full' : 'masked' }));
  for (const name of zip.names) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    const chunks: Uint8Array[] = [];
    for await (const chunk of zip.stream(name)) chunks.push(chunk);
    writeFileSync(join(here, name), Buffer.concat(chunks));
  }
  await zip.close();
});

async function verifier(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(here, 'verify.mjs'), ...args], {
      cwd: here,
    });
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

function edit(name: string, change: (text: string) => string): void {
  const path = join(here, name);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

test('the verifier that came with it finds it genuine, and says whose key that was', async () => {
  const fingerprint = fingerprintOf(made.parts.key);
  expect(await verifier(here)).toMatchObject({ code: 0, out: expect.stringContaining('NOT PINNED') });
  const pinned = await verifier(here, '--key', fingerprint);
  expect(pinned).toMatchObject({ code: 0, out: expect.stringMatching(/^GENUINE: evidence for soc2[\s\S]*1 erased/) });
  expect(await verifier(here, '--key', '0'.repeat(64))).toMatchObject({ code: 1 });
  expect(JSON.parse((await verifier(here, '--json')).out)).toMatchObject({ verdict: 'genuine', pinned: false });
});

test.each(['.', './', 'controls/..'])('the folder may be written %s', async (path) => {
  expect(await verifier(path)).toMatchObject({ code: 0, out: expect.stringMatching(/^GENUINE/) });
});

test('the file that bundles carry is made of the verifier as it stands', async () => {
  const generator = new URL('../../services/evidence/generate.ts', import.meta.url).pathname;
  await expect(promisify(execFile)(process.execPath, [generator, '--check'])).resolves.toMatchObject({ stdout: '' });
});

test('who calls it wrongly is told how', async () => {
  expect(await verifier()).toMatchObject({ code: 2, out: expect.stringContaining('usage') });
  expect(await verifier(here, '--key', 'abc')).toMatchObject({ code: 2 });
  expect(await verifier(join(here, 'nowhere'))).toMatchObject({ code: 2 });
});

test.each([
  [
    'an event’s public bytes',
    'events/0.jsonl',
    (text: string) => text.replace(/("public":"[^"]{40})./, '$1A'),
    'events/0.jsonl, line 1:',
  ],
  [
    'what an event says in words',
    'events/0.jsonl',
    (text: string) => text.replace('"outcome":"denied"', '"outcome":"failure"'),
    'line 1: outcome is not what its bytes say',
  ],
  [
    'a cell of a row',
    'questions/denied/rows.jsonl',
    (text: string) => text.replace('"latency_ms":-1.5', '"latency_ms":-1.6'),
    'questions/denied/rows.csv, line 2: says other',
  ],
  [
    'a cell of the spreadsheet',
    'questions/denied/rows.csv',
    (text: string) => text.replace('contextforge', 'contextfarge'),
    'questions/denied/rows.csv, line 2: says other',
  ],
  [
    'a row that is left out',
    'questions/denied/rows.jsonl',
    (text: string) => text.slice(text.indexOf('\n') + 1),
    'questions/denied/rows.jsonl: has 11 rows',
  ],
  [
    'an event that is left out',
    'events/0.jsonl',
    (text: string) => text.slice(text.indexOf('\n') + 1),
    'do not make the tree that was signed',
  ],
  [
    'events that change places',
    'events/0.jsonl',
    (text: string) => text.split('\n').toReversed().join('\n').slice(1),
    'is out of order',
  ],
  [
    'the checkpoint',
    'ledger/0/checkpoint',
    (text: string) => text.replace('\n14\n', '\n15\n'),
    'signed by none of the ledger’s keys',
  ],
  [
    'the page for people',
    'summary.html',
    (text: string) => text.replace('SOC 2', 'SOC 3'),
    'summary.html: was altered',
  ],
  [
    'the manifest',
    'manifest.json',
    (text: string) => text.replace('"soc2"', '"hipaa"'),
    'manifest.json: says other than what was signed',
  ],
])('%s is named', async (_, name, change, place) => {
  edit(name, change);
  const { code, out } = await verifier(here);
  expect(out).toContain(place);
  expect(code).toBe(1);
});

test('a file too many, one too few and one that is none', async () => {
  writeFileSync(join(here, 'extra.txt'), '');
  rmSync(join(here, 'README.txt'));
  const { out } = await verifier(here);
  expect(out).toContain('extra.txt: is not in the manifest');
  expect(out).toContain('README.txt: is missing');
  symlinkSync('/etc/passwd', join(here, 'link.txt'));
  expect(await verifier(here)).toMatchObject({ code: 2, out: expect.stringContaining('link.txt: is no plain file') });
});
