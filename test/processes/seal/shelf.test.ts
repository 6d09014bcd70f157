import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Checkpoint, signCheckpoint } from '../../../services/ledger/checkpoint.ts';
import { statementDigest, writeStatement } from '../../../services/ledger/statement.ts';
import { ledgerConfig } from '../../../services/processes/seal/config.ts';
import { disk } from '../../../services/processes/seal/disk.ts';
import { shelf } from '../../../services/processes/seal/shelf.ts';
import { ORIGIN, testSigner } from '../../ledger/keys.ts';
import { leafAt } from '../../ledger/leaves.ts';

const root = mkdtempSync(join(tmpdir(), 'trailhouse-shelf-'));
afterAll(() => rmSync(root, { recursive: true }));

const known = [testSigner().verifier];
const statementOf = (size: number) => ({ origin: `${ORIGIN}/0`, size, previous: 0, accounts: 0, raw: [] });

function signed(size: number, more: Partial<Checkpoint> = {}) {
  const statement = writeStatement(statementOf(size));
  const body = { origin: `${ORIGIN}/0`, size, root: leafAt(size), firstOffset: 0, lastOffset: size };
  const rest = { signedAt: '2026-07-01T10:00:00.000Z', accounting: statementDigest(statement) };
  return { checkpoint: signCheckpoint({ ...body, ...rest, ...more }, [testSigner()]), statement };
}

test('checkpoints are found by size, and the newest has the largest tree', async () => {
  const folder = join(root, 'sizes');
  const own = shelf(folder, known, disk);
  expect([await own.sizes(), await own.newest()]).toEqual([[], undefined]);
  for (const size of [9, 1_000, 12]) {
    const { checkpoint, statement } = signed(size);
    await own.add(checkpoint, statement);
    await own.add(checkpoint, statement);
  }
  expect(await own.sizes()).toEqual([9, 12, 1_000]);
  const newest = await own.newest();
  expect(newest).toEqual(signed(1_000).checkpoint);
  if (newest !== undefined) expect(await own.statement(newest)).toEqual(statementOf(1_000));
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  expect(statSync(join(folder, '0000000000000009.checkpoint')).mode & 0o777).toBe(0o600);
});

test('nothing is written over, and what was changed is not believed', async () => {
  const folder = join(root, 'once');
  const own = shelf(folder, known, disk);
  const { checkpoint, statement } = signed(9);
  await own.add(checkpoint, statement);
  const other = signed(9, { root: leafAt(1) });
  await expect(own.add(other.checkpoint, other.statement)).rejects.toThrow('another checkpoint of this size is there');
  expect(await own.newest()).toEqual(checkpoint);

  const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('.accounting'));
  writeFileSync(join(folder, name), statement.replace('accounts 0', 'accounts 1'));
  await expect(own.statement(checkpoint)).rejects.toThrow('is not what was signed');
  rmSync(join(folder, name));
  await expect(own.statement(checkpoint)).rejects.toThrow('is missing');

  const file = join(folder, '0000000000000009.checkpoint');
  writeFileSync(file, readFileSync(file, 'utf8').replace('last-offset 9', 'last-offset 8'));
  await expect(own.newest()).rejects.toThrow('does not fit the text');
  writeFileSync(join(folder, '0000000000000011.checkpoint'), checkpoint.note);
  await expect(own.checkpoint(11)).rejects.toThrow('it is of size 9');
});

test('a configuration that signs has a name, and keys of before are keys', () => {
  const { vkey } = testSigner(2).verifier;
  expect(ledgerConfig.parse({ signing_key: 'k', origin: 'a.example/b', previous_keys: [vkey] })).toMatchObject({
    interval_seconds: 600,
    previous_keys: [vkey],
  });
  const reasons = (value: object) => ledgerConfig.safeParse(value).error?.issues.map(({ message }) => message);
  expect(reasons({ signing_key: 'k' })).toEqual(['is wanted where a key signs: name this ledger']);
  expect(reasons({ previous_keys: ['x'] })).toEqual(['is no key: write name+id+base64']);
  for (const origin of ['a b', 'a+b', '/a', 'a/', '']) expect(reasons({ origin })).toHaveLength(1);
});
