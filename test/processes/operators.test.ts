import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { newOperator, operatorOf, operatorsConfig, readToken } from '../../services/processes/operators.ts';

const ada = newOperator('ada', 'administrator');
const ben = newOperator('ben', 'auditor');
const operators = operatorsConfig.parse({ ...parse(ada.lines).operators, ...parse(ben.lines).operators });

test('a token is its operator’s and nobody else’s', () => {
  expect(operatorOf(ada.token, operators)).toEqual({ name: 'ada', role: 'administrator' });
  expect(operatorOf(ben.token, operators)).toEqual({ name: 'ben', role: 'auditor' });
  for (const other of ['', `${ada.token} `, ada.token.slice(1), newOperator('ada', 'administrator').token])
    expect(operatorOf(other, operators)).toBeUndefined();
  expect(operatorOf(ada.token, {})).toBeUndefined();
});

test('the configuration holds no token', () => expect(ada.lines).not.toContain(ada.token));

test.each([
  { 'A b': { role: 'auditor', token_sha256: '0'.repeat(64) } },
  { ada: { role: 'root', token_sha256: '0'.repeat(64) } },
  { ada: { role: 'auditor', token_sha256: 'x' } },
  { ada: { role: 'auditor', token_sha256: '0'.repeat(64) }, ben: { role: 'auditor', token_sha256: '0'.repeat(64) } },
])('refuses %j', (given) => expect(operatorsConfig.safeParse(given).success).toBe(false));

test('a token comes from a file or the environment', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'trailhouse-token-')), 'token');
  writeFileSync(file, `${ada.token}\n`);
  expect(await readToken(file, {})).toBe(ada.token);
  expect(await readToken(undefined, { TRAILHOUSE_OPERATOR_TOKEN: ben.token })).toBe(ben.token);
  await expect(readToken(undefined, {})).rejects.toThrow(/takes an operator/);
  await expect(readToken(`${file}.none`, {})).rejects.toThrow(/cannot be read/);
});
