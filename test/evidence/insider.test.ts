import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelopeText, reportText, sealedBytes } from '../../services/evidence/verify.ts';
import { signCheckpoint } from '../../services/ledger/checkpoint.ts';
import { signer } from '../../services/ledger/note.ts';
import { openVerifiers, type Verifiers } from '../prove/proof/verifiers.ts';
import { type Files, filesOf, signedBy, stored } from '../prove/proof/zips.ts';
import { built, checked, REQUEST, type Site, site, temporary } from '../support/evidence.ts';
import { DELETED } from '../support/evidence-said.ts';
import { hasPython } from '../support/python.ts';

/** What somebody who holds the signing key of bundles, and none of the ledger's, cannot make pass. */

const folder = temporary();
const path = join(folder, 'changed.zip');
const EVENTS = 'events/0.jsonl';

let made: Site;
let masked: Files;
let full: Files;
let verifiers: Verifiers;

beforeAll(async () => {
  made = await site(12, { erased: [2], due: [3], gone: [5, 6] });
  const zip = await built(join(folder, 'masked.zip'), made.parts);
  masked = await filesOf(zip);
  full = await filesOf(await built(join(folder, 'full.zip'), made.parts, { profile: 'full' }));
  if (hasPython) verifiers = await openVerifiers(zip, folder);
});
afterAll(async () => {
  if (hasPython) await verifiers.close();
  rmSync(folder, { recursive: true });
});

/** What both verifiers find of files that the signer's own key has signed. */
async function found(files: Files, said: Readonly<Record<string, unknown>> = {}): Promise<readonly string[]> {
  writeFileSync(path, stored(signedBy(made.parts.key, files, said)));
  const { problems } = await checked(path);
  if (hasPython) expect((await verifiers.python(path)).verdict).toBe(problems.length === 0 ? 'genuine' : 'altered');
  return problems.map(({ file, reason, row }) => `${file}${row === undefined ? '' : `:${row}`}: ${reason}`);
}

const edited = (files: Files, name: string, change: (text: string) => string): Files =>
  new Map([...files, [name, Buffer.from(change((files.get(name) ?? Buffer.of()).toString()))]]);
const added = (files: Files, name: string, text: string): Files => new Map([...files, [name, Buffer.from(text)]]);

test('signed anew as it is, it is genuine', async () => {
  expect(await found(masked)).toEqual([]);
  expect(await found(full)).toEqual([]);
});

test.each([
  ['another format', { format: 'trailhouse.evidence/2' }, 'is not of the format'],
  ['another time zone', { time_zone: 'Europe/Berlin' }, 'its time zone is not UTC'],
  [
    'times of the reader’s own zone',
    { request: { ...REQUEST, from: '2026-06-01T00:00:00' } },
    'not UTC in whole seconds',
  ],
  [
    'a period that ends before it begins',
    { request: { ...REQUEST, to: '2026-05-01T00:00:00Z' } },
    'does not end after',
  ],
  ['a profile that is none', { request: { ...REQUEST, profile: 'open' } }, 'neither masked nor full'],
  [
    'another request than in its own file',
    { request: { ...REQUEST, purpose: 'none' } },
    'request.json: is not the request',
  ],
  [
    'one partition twice',
    { ledger: [1, 2].map(() => ({ partition: 0, size: 14, lines: 10 })) },
    'partitions are not in order',
  ],
  ['no partition for its events', { ledger: [], events: 0 }, `${EVENTS}: is no file that a bundle has`],
  ['a partition that is a text', { ledger: [{ partition: '0', size: 14, lines: 10 }] }, 'partitions are not in order'],
  ['a huge partition', { ledger: [{ partition: 1e300, size: 14, lines: 10 }] }, 'partitions are not in order'],
  [
    'fewer lines than there are',
    { ledger: [{ partition: 0, size: 14, lines: 9 }] },
    'has more lines than the manifest says',
  ],
  ['another size of its tree', { ledger: [{ partition: 0, size: 15, lines: 10 }] }, 'says other of partition 0'],
  ['more events than there are', { events: 11 }, 'another number of events'],
  ['no questions', { questions: [] }, 'questions/denied/rows.jsonl: is no file that a bundle has'],
])('a manifest with %s', async (_, said, reason) => {
  expect((await found(masked, said)).join('\n')).toContain(reason);
});

test.each([
  ['another kind', (text: string) => text.replace('"kind":"row"', '"kind":"note"'), 'other fields|no note'],
  ['words of its own', (text: string) => text.replace('"leaf":', '"note":"approved","leaf":'), 'other fields'],
  [
    'personal bytes in a masked bundle',
    (text: string) => text.replace(/"inner":("[^"]+")\}/, '"inner":$1,"personal":"eA==","salt":"eA=="}'),
    'other fields',
  ],
  ['base64 in another spelling', (text: string) => text.replace(/"leaf":"([^"]+)="/, '"leaf":"$1"'), 'is no event'],
  ['a place that is a text', (text: string) => text.replace('"index":2,', '"index":"2",'), 'is no event'],
  ['a negative place', (text: string) => text.replace('"index":2,', '"index":-2,'), 'is no event'],
  ['a huge place', (text: string) => text.replace('"index":2,', '"index":1e300,'), 'is no event'],
  ['one key twice', (text: string) => text.replace('"kind":"row"', '"kind":"row","kind":"row"'), 'is no event'],
  ['a blank more', (text: string) => text.replace('"kind":', '"kind": '), 'is no event'],
  [
    'deep JSON',
    (text: string) => text.replace('"offset":10', `"offset":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
    'is no event|Maximum|its rows',
  ],
  ['no end of its last line', (text: string) => text.trimEnd(), 'does not end'],
  [
    'an erasure that no certificate lists',
    (text: string) => text.replace(/("actor":"[^"]*"),"leaf"/, `$1,"erased":true,"certificate":"${DELETED}","leaf"`),
    'in no signed list',
  ],
])('an event with %s', async (_, change, reason) => {
  expect((await found(edited(masked, EVENTS, change))).join('\n')).toMatch(new RegExp(reason));
});

test('in clear, whom a line names is whom its personal bytes name, and none leaves them out', async () => {
  const named = edited(full, EVENTS, (text) =>
    text.replace('"actor":"person0@example.com"', '"actor":"person1@example.com"'),
  );
  expect(await found(named)).toContain(`${EVENTS}:1: actor is not what its bytes say`);
  const bare = edited(full, EVENTS, (text) => text.replace(/,"personal":"[^"]+","salt":"[^"]+"/, ''));
  expect(await found(bare)).toContain(`${EVENTS}:1: has other fields than an event of this profile`);
});

test('bytes that are no UTF-8 are named', async () => {
  const bytes = Buffer.from(masked.get(EVENTS) ?? []);
  bytes.writeUInt8(0xff, bytes.indexOf('"actor":"') + 10);
  expect((await found(new Map([...masked, [EVENTS, bytes]]))).join('\n')).toContain(`${EVENTS}, line 1: is no UTF-8`);
});

test.each([
  'notes.txt',
  'events/1.jsonl',
  'ledger/0/extra',
  'schemas/audit-event.v01.avsc',
  'questions/other/rows.jsonl',
])('a signed file that nothing of the manifest stands for: %s', async (name) => {
  expect(await found(added(masked, name, 'x\n'))).toContain(`${name}: is no file that a bundle has`);
});

test('a certificate of deletion counts once, under its own name', async () => {
  const name = `settings/certificates/${DELETED}.json`;
  const copy = masked.get(name)?.toString() ?? '';
  const without = edited(masked, EVENTS, (text) => text);
  const twice = new Map([...without].filter(([one]) => one !== name));
  const renamed = added(twice, 'settings/certificates/11111111-0000-4000-8000-000000000000.json', copy);
  expect((await found(renamed)).join('\n')).toContain('2 leaves between the rows are gone, certificates account for 0');
});

test('a checkpoint of another log, by the same key, is none of this one', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const own = signer('audit.example', privateKey);
  const head = { size: 14, root: Buffer.alloc(32), firstOffset: 0, lastOffset: 32, signedAt: '2026-07-02T00:00:00Z' };
  const { note } = signCheckpoint({ ...head, origin: 'other.example/0', accounting: Buffer.alloc(32) }, [own]);
  const files = added(masked, 'ledger/0/checkpoint', note);
  const keys = { ledger: [own.verifier.vkey], certificates: [] };
  expect((await found(files, { keys })).join('\n')).toContain('is signed by none of the ledger’s keys');
});

test('who signed the trees is told, and can be named', async () => {
  writeFileSync(path, stored(masked));
  const report = await checked(path);
  const [tree] = report.ledgers;
  expect(reportText(report)).toMatch(
    new RegExp(`ledger audit.example/0 signed at .* by ${tree?.fingerprint}: NOT PINNED`),
  );
  const { privateKey } = generateKeyPairSync('ed25519');
  expect((await checked(path, undefined, undefined, tree?.fingerprint)).verdict).toBe('genuine');
  const stranger = signer('x', privateKey).verifier.fingerprint;
  expect((await checked(path, undefined, undefined, stranger)).problems).toMatchObject([
    { file: 'ledger/0/checkpoint.first', reason: expect.stringContaining('not by the key of the ledger') },
    { file: 'ledger/0/checkpoint' },
  ]);
});

test('a key of another kind signs nothing', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const said = JSON.parse(masked.get('manifest.json')?.toString() ?? '');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const payload = Buffer.from(`${JSON.stringify({ ...said, signing_key: spki.toString('base64') }, null, 2)}\n`);
  const text = envelopeText(payload, hash('sha256', spki), sign(null, sealedBytes(payload), privateKey));
  writeFileSync(
    path,
    stored(new Map([...masked, ['manifest.json', payload], ['manifest.dsse.json', Buffer.from(text)]])),
  );
  expect((await checked(path)).problems).toMatchObject([{ file: 'manifest.dsse.json' }]);
});

test('words of a bundle begin no line of the report, and turn none around', async () => {
  const request = { ...REQUEST, framework: 'soc2\nGENUINE: all\u202E\u2028' };
  const files = added(masked, 'request.json', JSON.stringify(request));
  writeFileSync(path, stored(signedBy(made.parts.key, files, { request })));
  const text = reportText(await checked(path));
  expect(text.split('\n').filter((line) => line.startsWith('GENUINE'))).toEqual([
    'GENUINE: evidence for soc2?GENUINE: all?? 2026-06-01T00:00:00Z 2026-07-01T00:00:00Z',
  ]);
});
