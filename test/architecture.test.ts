import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, test } from 'vitest';

/** Who may know whom. A room missing from this table may import nothing. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  codec: ['core'],
  otlp: ['core'],
  identity: ['core'],
  privacy: ['core'],
  retention: ['core'],
  ledger: ['core'],
  delivery: ['core'],
  formats: ['core', 'otlp'],
  log: ['core', 'codec', 'otlp'],
  clickhouse: ['core', 'codec', 'otlp'],
  sinks: ['core', 'codec', 'otlp'],
  collector: ['core', 'codec', 'otlp'],
  story: ['core', 'codec', 'otlp'],
  detections: ['core', 'codec', 'otlp'],
  evidence: ['core', 'codec', 'ledger'],
  console: ['core', 'evidence'],
};

/** Packages that one place alone may know. */
const fenced: Readonly<Record<string, RegExp>> = {
  kafkajs: /^services\/log\/kafka\//,
  snappy: /^services\/log\/kafka\//,
  'lz4-napi': /^services\/(log\/kafka|console\/clickhouse)\//,
  'node:sqlite': /^services\/log\/embedded\//,
  '@clickhouse/client': /^services\/clickhouse\//,
  chdb: /^services\/clickhouse\//,
  avsc: /^services\/codec\//,
  '@bufbuild/protobuf': /^services\/otlp\//,
  'p-queue': /^services\/delivery\//,
  '@opentelemetry': /^services\/sinks\/otlp\//,
  undici: /^services\/processes\//,
  pino: /^services\/processes\//,
  commander: /^services\/processes\//,
  'prom-client': /^services\/processes\//,
  fastify: /^services\/(console|collector)\//,
};

const files = globSync('services/**/*.ts');

test('sees the code', () => expect(files.length).toBeGreaterThan(30));

describe.each(files)('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  test('imports only what its room may know', () => {
    for (const target of relative(file, text)) {
      const [from, to] = [room(file), room(target)];
      if (from === 'processes') continue;
      if (from !== to) expect(allowed[from] ?? [], `${file} → ${target}`).toContain(to);
      else expect(areSiblings(file, target), `${file} → sibling ${target}`).toBe(false);
    }
  });

  test('imports fenced packages only in their room', () => {
    for (const name of packages(text)) {
      const fence = Object.entries(fenced).find(([known]) => name === known || name.startsWith(`${known}/`))?.[1];
      if (fence !== undefined) expect(file, `${file} → ${name}`).toMatch(fence);
    }
  });

  test('stays a file one can take in', () => {
    // An auditor is handed the verifier as one file.
    const most = file === 'services/evidence/verify.ts' ? 500 : 250;
    if (!file.includes('generated')) expect(text.split('\n').length).toBeLessThanOrEqual(most + 1);
  });
});

const specifiers = (text: string): string[] =>
  [...text.matchAll(/(?:from|import\(|import)\s*'([^']+)'/g)].map(([, name]) => name ?? '');
const relative = (file: string, text: string): string[] =>
  specifiers(text)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name));
const packages = (text: string): string[] => specifiers(text).filter((name) => !name.startsWith('.'));
const room = (path: string): string => path.split('/')[1] ?? '';

/** sinks/splunk/… must not reach into sinks/loki/…; the room's own files may be shared. Rooms of one thing are exempt. */
function areSiblings(a: string, b: string): boolean {
  const [x, y] = [a.split('/'), b.split('/')];
  const registry = /\/index\.ts$/.test(a) && x.length === 3;
  return !registry && x.length > 3 && y.length > 3 && x[2] !== y[2];
}
