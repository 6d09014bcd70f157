import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Source } from '../../services/evidence/report.ts';
import { verifyBundle } from '../../services/evidence/verify.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { built, checked, eventAt, site, temporary } from '../support/evidence.ts';
import { DELETED, ERASURE } from '../support/evidence-said.ts';

/** What a bundle says of what is not in it: raw offsets, erased and deleted events. */

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

const ACCOUNTS = 'ledger/0/accounting.jsonl';
const LIST = `settings/certificates/${ERASURE}.events.csv`;

/** What is found of a bundle in which one file says something else. */
async function changed(path: string, name: string, change: (text: string) => string): Promise<readonly string[]> {
  const zip = await openZip(path);
  const source: Source = {
    names: zip.names,
    stream: (one) => (one === name ? rewritten(zip.stream(one), change) : zip.stream(one)),
  };
  const { problems } = await verifyBundle(source);
  await zip.close();
  return problems.map(({ file, reason }) => `${file}: ${reason}`);
}

async function* rewritten(chunks: AsyncIterable<Buffer>, change: (text: string) => string): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  yield Buffer.from(change(Buffer.concat(all).toString()));
}

test('nothing is missing is said where statements show it, and a hole is named where they do not', async () => {
  const whole = await checked(await built(join(folder, 'whole.zip'), (await site(10)).parts));
  expect(whole.notes).toContain('raw 0/gateway.events/0: nothing missing between 0 and 12');
  const holed = await checked(await built(join(folder, 'holed.zip'), (await site(10, { unsealed: 3 })).parts));
  expect(holed.notes).toContain('raw 0/gateway.events/0: HOLE 2 to 12: 13 events promised, 10 in the tree');
  expect(holed.notes.join('\n')).not.toContain('nothing missing');
});

test.each([
  [
    'changed',
    (text: string) => text.replace('accepted 10', 'accepted 11'),
    'line 2 is no statement that the ledger signed',
  ],
  ['left out at the end', (text: string) => `${text.split('\n')[0]}\n`, 'does not reach over the events of the bundle'],
  ['left out at the beginning', (text: string) => text.slice(text.indexOf('\n') + 1), undefined],
  ['twice', (text: string) => `${text}${text.split('\n')[1]}\n`, 'does not continue the one before'],
  [
    'that is another’s',
    (text: string) => text.replace(/"checkpoint":".*?"/, '"checkpoint":"x"'),
    'line 1 is no statement',
  ],
])('a statement %s is named', async (what, change, reason) => {
  const path = await built(join(folder, `${what}.zip`), (await site(10)).parts);
  const found = await changed(path, ACCOUNTS, change);
  expect(found).toContain(`${ACCOUNTS}: was altered`);
  if (reason !== undefined) expect(found.join('\n')).toContain(reason);
});

test('erased events stand in the list of a signed certificate, each with its hash', async () => {
  const path = await built(join(folder, 'erased.zip'), (await site(10, { erased: [3, 7] })).parts);
  expect((await checked(path)).notes).toContain(`2 events erased under ${ERASURE} (GDPR 17(1)(b))`);
  const wrong = `ledger: 2 erased events are in no signed list of erasures, ${eventAt(3).event_id} the first of them`;
  expect(await changed(path, LIST, (text) => text.replaceAll('0', '1'))).toContain(wrong);
  const unsigned = (text: string) => text.replace(/"payload": "..../, '"payload": "AAAA');
  expect(await changed(path, `settings/certificates/${ERASURE}.json`, unsigned)).toContain(wrong);
});

test('an event that was erased under no certificate is named', async () => {
  const { parts, events } = await site(10, { erased: [3] });
  const bare = { ...parts, events: { ...parts.events, read: async () => events.map(withoutCertificate) } };
  const { problems } = await checked(await built(join(folder, 'bare.zip'), bare));
  expect(problems).toMatchObject([
    { file: 'ledger', reason: expect.stringContaining(`${eventAt(3).event_id} the first`) },
  ]);
  await expect(built(join(folder, 'under-way.zip'), { ...parts, erasure: async () => undefined })).rejects.toThrow(
    `erasure ${ERASURE} is under way`,
  );
});

test('nobody is shown in the place of a person who was erased', async () => {
  const { parts, events } = await site(10, { erased: [3] });
  for (const [name, change] of Object.entries({
    email: { actor_email: 'ada@example.com' },
    salt: { personal_salt: Buffer.alloc(16, 1) },
  })) {
    const refilled = events.map((stored) =>
      stored.erased === undefined ? stored : { ...stored, event: { ...stored.event, ...change } },
    );
    const reading = { ...parts, events: { ...parts.events, read: async () => refilled } };
    await expect(built(join(folder, `refilled-${name}.zip`), reading)).rejects.toThrow(
      `event ${eventAt(3).event_id} was erased, and something stands in place of the person`,
    );
  }
});

const withoutCertificate = (stored: Awaited<ReturnType<typeof site>>['events'][number]) =>
  stored.erased === undefined ? stored : { ...stored, erased: { ...stored.erased, certificate: '' } };

test('deleted events are those that certificates account for, by any key the bundle lists', async () => {
  const { parts } = await site(10, { gone: [4, 5] });
  const path = await built(join(folder, 'deleted.zip'), parts);
  expect(await checked(path)).toMatchObject({
    problems: [],
    notes: expect.arrayContaining(['2 leaves between the rows were deleted under certificates']),
  });
  const [others] = (await site(1)).parts.certificateKeys;
  const rotated = { ...parts, certificateKeys: [others ?? Buffer.alloc(0), ...parts.certificateKeys] };
  expect((await checked(await built(join(folder, 'rotated.zip'), rotated))).problems).toEqual([]);
  const strange = { ...parts, certificateKeys: [others ?? Buffer.alloc(0)] };
  const { problems, notes } = await checked(await built(join(folder, 'strange.zip'), strange));
  expect(problems).toEqual([
    { file: 'ledger', reason: '2 leaves between the rows are gone, certificates account for 0' },
  ]);
  expect(notes).toContain(
    `settings/certificates/${DELETED}.json is signed by no key for certificates of this bundle, and counts for nothing`,
  );
});

test('rows and events over several pages come out whole and in order', async () => {
  const { parts } = await site(5_500, { erased: [5_000], gone: [2_600] });
  const total = 45_000;
  const rows: typeof parts.rows = async (sql, params) => {
    const [, limit = 0, offset = 0] = (/LIMIT (\d+) OFFSET (\d+) /.exec(sql) ?? []).map(Number);
    if (!sql.includes('decision_source') || params.from === undefined) return parts.rows(sql, params);
    if (sql.startsWith('SELECT toString(count())')) return [{ rows: String(total) }];
    const length = Math.max(0, Math.min(limit, total - offset));
    return Array.from({ length }, (_, index) => ({ what: `row ${offset + index}` }));
  };
  const path = await built(
    join(folder, 'pages.zip'),
    { ...parts, rows },
    { framework: 'itar', to: '2027-07-01T00:00:00Z' },
  );
  const report = await checked(path);
  expect(report).toMatchObject({ verdict: 'genuine', counted: { events: 5_499, erased: 1 } });
  expect(report.counted.rows % total).toBe(0);
}, 30_000);

test('the verifier is one file of under 500 lines that imports nothing but Node', async () => {
  const zip = await openZip(await built(join(folder, 'verifier.zip'), (await site(1)).parts));
  let text = '';
  for await (const chunk of zip.stream('verify.mjs')) text += chunk;
  await zip.close();
  expect(text.trimEnd().split('\n').length).toBeLessThan(500);
  const imported = [...text.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name);
  expect(imported.every((name) => name?.startsWith('node:'))).toBe(true);
});
