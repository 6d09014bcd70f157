import { hash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { showErasure, verifyErasure } from '../../../services/processes/commands/erasure.ts';
import { readCertificateKeys, readKeyFile, writeKeyPair } from '../../../services/processes/retain/key.ts';
import { erasedFile, erasedLine } from '../../../services/retention/erased.ts';
import { ERASURE_TYPE, erasureCertificate } from '../../../services/retention/erasure.ts';
import { sealDocument } from '../../../services/retention/signing.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-erasures-'));
const file = (name: string): string => join(folder, name);
const filed = (name: string): string => file(join('certificates', name));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const ORDER = '00b84500-0000-8000-8000-000002000000';
const [FIRST, SECOND, STRANGE] = ['1', '2', '3'].map((digit) => `b7e0c3c4-0000-4000-8000-00000000000${digit}`);
const list = erasedLine({ event: ORDER, hash: 'ab'.repeat(32) });

async function certify(certificate = '', key: string, more: object): Promise<void> {
  const content = erasureCertificate.parse({
    ...{ certificate, erasure: ORDER, subject: 'tok_x', basis: 'GDPR 17(1)(b)', ordered_by: 'ada', ordered_at: '' },
    ...{ state: 'standing', events: 1, contents: 0, keys_destroyed: [], version: 'test', topics: [] },
    ...{ list: { count: 1, sha256: hash('sha256', list) }, quarantine: { messages: 0, waiting: [] } },
    ...{ kept: [], receivers: [], ...more },
  });
  mkdirSync(file('certificates'), { recursive: true });
  writeFileSync(filed(`${certificate}.json`), sealDocument(ERASURE_TYPE, content, await readKeyFile(file(key))));
  writeFileSync(filed(erasedFile(certificate)), list);
}

function printed(): { readonly out: () => string; readonly err: () => string } {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const text = (spy: typeof out) => spy?.mock.calls.map(([words]) => String(words)).join('') ?? '';
  return { out: () => text(out), err: () => text(err) };
}

test('an order is shown with its certificates, what stays and why, and who has copies', async () => {
  for (const name of ['now.pem', 'former.pem', 'other.pem']) await writeKeyPair(file(name));
  const retention = `retention: { signing_key: ${file('now.pem')}, former_keys: [${file('former.pem.pub')}] }`;
  writeFileSync(file('trailhouse.yaml'), `data: ${folder}\n${retention}\n`);
  const stays = { kept: [{ reason: 'held: 7', events: 3, until: null }], receivers: [{ sink: 'splunk', events: 1 }] };
  await certify(FIRST, 'former.pem', { carried_out_at: '2026-07-01T10:00:00Z', ...stays });
  await certify(SECOND, 'now.pem', {
    carried_out_at: '2026-07-02T10:00:00Z',
    receivers: [{ sink: 'loki', events: 2 }],
  });
  await certify(STRANGE, 'other.pem', { carried_out_at: '2026-07-03T10:00:00Z' });

  const said = printed();
  expect(await showErasure({ config: file('trailhouse.yaml'), json: true }, ORDER)).toBe(0);
  const shown = said
    .out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(shown).toMatchObject([
    { certificate: FIRST, kept: [{ reason: 'held: 7', events: 3 }], receivers: [{ sink: 'splunk' }] },
    { certificate: SECOND, kept: [], receivers: [{ sink: 'loki' }] },
  ]);
  expect(said.err()).toContain(`certificate that does not count: ${STRANGE}.json: it is not signed by key`);
  await expect(showErasure({ config: file('trailhouse.yaml') }, FIRST ?? '')).rejects.toThrow(
    'has no certificate of order',
  );
});

test('a certificate is checked with the list beside it', async () => {
  const said = printed();
  const key = file('now.pem.pub');
  expect(await verifyErasure({ json: true }, filed(`${SECOND}.json`), { key })).toBe(0);
  expect(said.out()).toContain('is the list that it names');
  writeFileSync(filed(erasedFile(SECOND ?? '')), `${list}${list}`);
  await expect(verifyErasure({}, filed(`${SECOND}.json`), { key })).rejects.toThrow('is not the list');
  rmSync(filed(erasedFile(SECOND ?? '')));
  expect(await verifyErasure({ json: true }, filed(`${SECOND}.json`), { key })).toBe(0);
  expect(said.out()).toContain('is not there');
});

test('a former key is a public one', async () => {
  copyFileSync(file('former.pem'), file('private.pem'));
  const read = (name: string) => readCertificateKeys({ signing_key: undefined, former_keys: [file(name)] });
  await expect(read('private.pem')).rejects.toThrow('is a private key: name its public half');
  await expect(read('nowhere')).rejects.toThrow('cannot be read');
  await expect(read('trailhouse.yaml')).rejects.toThrow('holds no Ed25519 public key');
  expect(await read('former.pem.pub')).toHaveLength(1);
});
