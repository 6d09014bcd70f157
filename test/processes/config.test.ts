import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../services/processes/config.ts';
import { ConfigError } from '../../services/processes/config-error.ts';
import { refuseMissing } from '../../services/processes/config-files.ts';

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
  ['data: d\nlisten:\n  qurey: 127.0.0.1:1\n', /:3: listen\.qurey: unknown key; did you mean query\?/],
  [
    'data: d\ntopics:\n  a.events:\n    formats: [envelope]\n    cieling: claimed\n',
    /:5: topics\.a\.events\.cieling: unknown key; did you mean ceiling\?/,
  ],
  ['listen:\n  query: 0.0.0.0:8123\n', /:2: listen\.query: is not on loopback: name operators/],
  ['listen:\n  query: nowhere\n', /:2: listen\.query: must be a host and port, or off/],
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

test('operators let the query port leave loopback, and off is nowhere', () => {
  const ada = `operators:\n  ada: { role: analyst, token_sha256: "${'0'.repeat(64)}" }\n`;
  expect(readConfig(file(`${ada}listen:\n  query: 0.0.0.0:8123\n`), {}).listen.query).toBe('0.0.0.0:8123');
  expect(readConfig(file('listen:\n  query: off\n'), {}).listen.query).toBe('off');
  expect(readConfig(undefined, { TRAILHOUSE_LISTEN__QUERY: 'off' }).listen.query).toBe('off');
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
  expect(() => readConfig(undefined, { TRAILHOUSE_LOGLEVEL: 'warn' })).toThrow(
    /TRAILHOUSE_LOGLEVEL: loglevel: unknown key; did you mean log_level\?/,
  );
});

test('a file that is not there is named', () => {
  expect(() => readConfig(join(folder, 'none.yaml'), {})).toThrow(/none\.yaml: cannot be read \(ENOENT\)/);
});

test.each([
  [
    'sinks:\n  dd: { kind: datadog, api_key: { env: K }, servise: x }\n',
    /:2: sinks\.dd\.servise: unknown key; did you mean service\?/,
  ],
  ['nothing_like_it: 1\n', /:1: nothing_like_it: unknown key$/],
])('%j is answered with the key that is meant, where one is near', (text, words) => {
  const path = file(text);
  expect(() => readConfig(path, {})).toThrow(words);
});

test('what a variable sets wrong is said of the variable, and not of the file', () => {
  const path = file('log_level: warn\n');
  expect(() => readConfig(path, { TRAILHOUSE_LOG_LEVEL: 'loud' })).toThrow(/^TRAILHOUSE_LOG_LEVEL: log_level: /);
  expect(() => readConfig(path, { TRAILHOUSE_LISTEN__HEALTH: 'here' })).toThrow(
    /^TRAILHOUSE_LISTEN__HEALTH: listen\.health: /,
  );
});

describe('what a configuration points at', () => {
  const pointing = [
    'retention: { signing_key: /nowhere/sign.pem }',
    'identity:',
    '  directory:',
    '    - /nowhere/people.csv',
    'sinks:',
    '  dd:',
    '    kind: datadog',
    '    site: datadoghq.eu',
    '    api_key: { env: DD_API_KEY }',
    '    tls: { ca: /nowhere/ca.pem }',
    '',
  ].join('\n');
  const refusal = (role: string, environment: NodeJS.ProcessEnv): string => {
    try {
      refuseMissing(readConfig(file(pointing), {}), role, environment);
      return '';
    } catch (error) {
      return error instanceof ConfigError ? error.message : String(error);
    }
  };

  test('and is not there is named by file and line before a role starts, all of it at once', () => {
    const said = refusal('up', {}).split('\n');
    expect(said).toEqual([
      expect.stringMatching(/\.yaml:3: identity\.directory\.0: \/nowhere\/people\.csv cannot be read \(ENOENT\)$/),
      expect.stringMatching(/\.yaml:10: sinks\.dd\.tls\.ca: \/nowhere\/ca\.pem cannot be read \(ENOENT\)$/),
      expect.stringMatching(/\.yaml:9: sinks\.dd\.api_key: the environment variable DD_API_KEY is not set$/),
      expect.stringMatching(/\.yaml:1: retention\.signing_key: \/nowhere\/sign\.pem cannot be read \(ENOENT\)$/),
    ]);
  });

  test('is asked of no role that does not read it', () => {
    expect(refusal('archive', {})).toBe('');
    expect(refusal('export', { DD_API_KEY: 'x' }).split('\n')).toHaveLength(1);
  });
});
