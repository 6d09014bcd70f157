import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readCompose, root } from './compose-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
copyFileSync(new URL('deploy/make-secrets.sh', root), join(folder, 'make-secrets.sh'));

const make = (): string => execFileSync('sh', [join(folder, 'make-secrets.sh')], { encoding: 'utf8' });
const read = (name: string): string => readFileSync(join(folder, 'secrets', name), 'utf8');
const mode = (name: string): string => (statSync(join(folder, 'secrets', name)).mode & 0o777).toString(8);

test('makes what docker-compose.yml asks for, once', () => {
  expect(make()).toBe('');
  const files = readdirSync(join(folder, 'secrets')).sort();
  expect(files).toEqual(
    Object.values(readCompose().secrets)
      .map(({ file }) => basename(file))
      .sort(),
  );
  const passwords = files.filter((file) => !file.endsWith('.yaml'));
  for (const name of passwords) expect(read(name)).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(passwords.map(read)).size).toBe(passwords.length);
  expect([mode(''), ...files.map(mode)]).toEqual(['700', ...files.map(() => '444')]);

  const before = files.map(read);
  make();
  expect(files.map(read)).toEqual(before);
});

test('gives ClickHouse hashes alone', () => {
  make();
  const hash = (name: string) => ({ password_sha256_hex: createHash('sha256').update(read(name)).digest('hex') });
  expect(parse(read('clickhouse_hashes.yaml'))).toEqual({
    users: { trailhouse: hash('clickhouse_writer'), grafana: hash('clickhouse_reader') },
  });
});
