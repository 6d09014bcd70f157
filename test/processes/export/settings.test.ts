import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../../services/processes/config.ts';
import { leftOut } from '../../../services/processes/export/settings.ts';
import { event } from '../../support/event.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-settings-'));

function read(yaml: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'trailhouse.yaml');
  writeFileSync(file, yaml);
  return readConfig(file, environment);
}

test('a misspelt key of a receiver is named with its line', () => {
  expect(() => read('data: d\nsinks:\n  siem:\n    kind: loki\n    url: https://loki\n    tenat: x\n')).toThrow(
    /:6: sinks\.siem\.tenat: unknown key/,
  );
});

test.each([
  ['sinks: { x: { kind: datadog, api_key: { env: KEY } } }', 'sinks.x'],
  ['sinks: { x: { kind: otlp-logs } }', 'give one of endpoint and url'],
  ['sinks: { x: { kind: syslog } }', 'sinks.x.kind'],
  ['sinks: { X1: { kind: otlp-logs, endpoint: "https://a" } }', 'a receiver is named by'],
  ['sinks: { x: { kind: loki, url: "https://user:pw@loki" } }', 'holds a name or password'],
  ['sinks: { x: { kind: loki, url: "https://loki", filter: { surface: [clii] } } }', 'sinks.x.filter.surface.0'],
  ['sinks: { x: { kind: loki, url: "https://loki", filter: { action: [files.*] } } }', 'is no action'],
  ['sinks: { x: { kind: loki, url: "https://loki", filter: { class: [hippa] } } }', 'sinks.x.filter.class.0'],
  ['sinks: { x: { kind: splunk, url: "https://hec", token: abc } }', 'write { file: PATH } or { env: NAME }'],
  ['sinks: { x: { kind: loki, url: "https://loki", personal: open } }', 'sinks.x.personal'],
])('refuses %s', (yaml, words) => {
  expect(() => read(`data: d\n${yaml}\n`)).toThrow(words);
});

test("OpenTelemetry's variables fill in what the settings leave open, and no more", () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318', OTEL_SERVICE_NAME: 'audit' };
  const { sinks } = read(
    'data: d\nsinks: { a: { kind: otlp-logs }, b: { kind: otlp-logs, endpoint: "https://own" } }\n',
    environment,
  );
  expect(sinks.a).toMatchObject({ endpoint: 'https://collector:4318', service_name: 'audit', personal: 'tokens' });
  expect(sinks.b).toMatchObject({ endpoint: 'https://own' });
});

test.each([
  [{ surface: ['cli'] }, undefined],
  [{ surface: ['web'] }, 'surface'],
  [{ action: ['file.*', 'llm.request'] }, undefined],
  [{ action: ['file.*'] }, 'action'],
  [{ class: ['hipaa'] }, undefined],
  [{ class: ['hip'] }, 'class'],
  [{ surface: ['cli'], team: ['web'] }, 'team'],
  [{ outcome: ['denied'] }, 'outcome'],
  [{ severity: ['high'] }, 'severity'],
  [{}, undefined],
])('a filter %j leaves out for: %s', (filter, reason) => {
  const one = event({ surface: 'cli', action: 'llm.request', retention_class: 'soc2+hipaa', actor_team: 'payments' });
  expect(leftOut(one, filter)).toBe(reason);
});
