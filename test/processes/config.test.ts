import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../services/processes/config.ts';
import { ConfigError } from '../../services/processes/config-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}

test('defaults stand without a file', () => {
  const config = readConfig(undefined, {});
  expect(config.data).toBe('.trailhouse/demo');
  expect(config.log.driver).toBe('embedded');
  expect(config.listen.query).toBe('127.0.0.1:8123');
  expect(Object.keys(config.topics)).toContain('gateway.events');
});

test('a file has its own data directory', () => expect(readConfig(file(''), {}).data).toBe('.trailhouse/data'));

test.each([
  ['data: d\nlisten:\n  qurey: 127.0.0.1:1\n', /:3: listen\.qurey: unknown key/],
  [
    'data: d\ntopics:\n  a.events:\n    formats: [envelope]\n    cieling: claimed\n',
    /:5: topics\.a\.events\.cieling: unknown key/,
  ],
  ['listen:\n  query: 0.0.0.0:8123\n', /:2: listen\.query: must be a loopback host and port/],
  ['audit:\n  partitions: 1\n  retention_days: 3\n', /:3: audit\.retention_days/],
  ['data: d\ndata: e\n', /:2: /],
  ['data: [unclosed\n', /:\d: /],
  [
    'log:\n  driver: kafka\n  brokers: [a:9092]\n  sasl: { mechanism: plain, username: u, password: hunter2 }\n',
    /:4: log/,
  ],
  ['data: *nowhere\n', /holds an alias/],
  ['- data\n', /:1: holds no keys/],
  ['clickhouse:\n  driver: server\n  url: http://u:hunter2@h:8123\n', /:3: clickhouse\.url: holds a name or password/],
])('%j is refused with its line', (text, words) => {
  const path = file(text);
  expect(() => readConfig(path, {})).toThrow(ConfigError);
  expect(() => readConfig(path, {})).toThrow(words);
});

test('a password in the file is not quoted', () => {
  const path = file('clickhouse:\n  driver: server\n  url: http://127.0.0.1:1\n  password: hunter2\n');
  expect(() => readConfig(path, {})).toThrow(/^(?!.*hunter2)/s);
});

test('the environment wins over the file', () => {
  const path = file('log_level: warn\nlisten:\n  query: 127.0.0.1:1\n');
  const config = readConfig(path, {
    TRAILHOUSE_LOG_LEVEL: 'error',
    TRAILHOUSE_LISTEN__HEALTH: '127.0.0.1:2',
    TRAILHOUSE_QUARANTINE_DAYS: '7',
  });
  expect(config.log_level).toBe('error');
  expect(config.listen).toEqual({ query: '127.0.0.1:1', health: '127.0.0.1:2' });
  expect(config.quarantine_days).toBe(7);
});

test('a misspelt variable is named', () => {
  expect(() => readConfig(undefined, { TRAILHOUSE_LOGLEVEL: 'warn' })).toThrow(/environment: loglevel: unknown key/);
});

test('a file that is not there is named', () => {
  expect(() => readConfig(join(folder, 'none.yaml'), {})).toThrow(/none\.yaml: cannot be read \(ENOENT\)/);
});
