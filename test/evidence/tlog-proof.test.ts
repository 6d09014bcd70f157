import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readVkey } from '../../services/ledger/note.ts';
import { checkProof } from '../../services/ledger/proof.ts';
import { filesOf } from '../prove/proof/zips.ts';
import { commands } from '../support/commands.ts';
import { built, checked, type Site, site, temporary } from '../support/evidence.ts';
import { hasPython } from '../support/python.ts';

/** Of any event of a bundle its own inclusion proof, made of the bundle alone. */

const folder = temporary();
const zip = join(folder, 'bundle.zip');
const here = join(folder, 'unpacked');
const program = new URL('tlog-proof/', import.meta.url).pathname;
const python = new URL('python/verify.py', import.meta.url).pathname;
const run = promisify(execFile);

const line = z.object({
  kind: z.string(),
  event_id: z.string(),
  leaf: z.base64(),
  public: z.base64(),
  inner: z.base64(),
});

let made: Site;
let rows: readonly z.output<typeof line>[];

beforeAll(async () => {
  made = await site(37, { erased: [4], gone: [11, 12, 20] });
  await built(zip, made.parts);
  const files = await filesOf(zip);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), bytes);
  }
  const lines = (files.get('events/0.jsonl') ?? Buffer.of()).toString().trimEnd().split('\n');
  rows = lines.map((one) => line.parse(JSON.parse(one)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const proofOf = async (event: string): Promise<string> => {
  const source = await checked(zip, undefined, event);
  if (source.proof === undefined) throw new Error('no proof');
  return source.proof;
};

test('every row has its own, which the ledger’s own reader takes', async () => {
  const known = made.parts.ledgerKeys.map(readVkey);
  expect(rows).toHaveLength(34);
  for (const { event_id, leaf } of rows) {
    const text = await proofOf(event_id);
    expect(checkProof(text, Buffer.from(leaf, 'base64'), known)).toMatchObject({ kind: 'proved' });
    expect(checkProof(text, Buffer.alloc(32), known)).toMatchObject({ kind: 'refused' });
  }
});

test('the verifier in the bundle and the one in Python write the same', async () => {
  for (const { event_id } of [rows[0], rows[4], rows.at(-1)].flatMap((one) => (one === undefined ? [] : [one]))) {
    const text = await proofOf(event_id);
    const own = await run(process.execPath, [join(here, 'verify.mjs'), here, '--proof', event_id]);
    expect(own.stdout).toBe(text);
    expect(own.stderr).toMatch(/^GENUINE/);
    if (!hasPython) continue;
    expect((await run('python3', [python, zip, '--proof', event_id])).stdout).toContain(text);
  }
});

test('the command writes the same', async () => {
  const [first] = rows;
  const { run: trailhouse } = commands(() => ({}));
  const done = await trailhouse('evidence', 'proof', zip, first?.event_id ?? '');
  expect(done).toMatchObject({
    code: 0,
    out: await proofOf(first?.event_id ?? ''),
    err: expect.stringMatching(/^GENUINE/),
  });
  expect(await trailhouse('evidence', 'proof', zip, 'nobody')).toMatchObject({ code: 2, out: '' });
  const wrong = await trailhouse('evidence', 'proof', zip, first?.event_id ?? '', '--ledger', '0'.repeat(64));
  expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('not by the key of the ledger') });
});

test('an event that is not in it, and a bundle that is altered, have none', async () => {
  const stranger = '00a1b200-0000-8000-8000-999999999999';
  const missing = await run(process.execPath, [join(here, 'verify.mjs'), here, '--proof', stranger]).catch(
    (error) => error,
  );
  expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`no event ${stranger}`) });
  writeFileSync(join(here, 'README.txt'), 'altered\n');
  const altered = await run(process.execPath, [
    join(here, 'verify.mjs'),
    here,
    '--proof',
    rows[0]?.event_id ?? '',
  ]).catch((error) => error);
  expect(altered).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('README.txt: was altered') });
});

/** The program's module has to be there or to be had; where it is not, what was not checked is said aloud. */
const absent = ((): string | undefined => {
  const got = spawnSync('go', ['mod', 'download'], { cwd: program, encoding: 'utf8' });
  if (got.error !== undefined) return 'there is no go here';
  return got.status === 0 ? undefined : `go mod download: ${got.stderr.trim()}`;
})();
if (absent !== undefined) console.warn(`NOT CHECKED against golang.org/x/mod/sumdb/tlog: ${absent}`);

test.skipIf(absent !== undefined)(
  'Go’s tlog and note take them',
  async () => {
    const proofs = [];
    for (const { event_id, public: open, inner } of rows) {
      const record = Buffer.concat([Buffer.from(open, 'base64'), Buffer.from(inner, 'base64')]);
      proofs.push({ record: record.toString('base64'), text: await proofOf(event_id) });
    }
    const input = JSON.stringify({ vkey: made.parts.ledgerKeys[0], origin: 'audit.example/0', proofs });
    const asked = spawnSync('go', ['run', '.'], { cwd: program, encoding: 'utf8', input });
    expect(asked.stdout + asked.stderr).toBe('ok\n');
  },
  120_000,
);
