import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../services/processes/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-residency-'));
let count = 0;

/** What a configuration is refused with, without the file's name; empty where it is taken. */
function refusal(text: string): string {
  const file = join(folder, `${count++}.yaml`);
  writeFileSync(file, text);
  try {
    readConfig(file, {});
    return '';
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(file, 'f') : 'unknown';
  }
}

const configured = (store: string, sink: string) => `data: /var/lib/trailhouse
clickhouse: { driver: embedded${store} }
topics:
  eu.events: { formats: [litellm], region: eu }
  us.events: { formats: [litellm] }
sinks:
  siem:
    kind: loki
    url: https://loki.example
${sink}`;

test('a source that is pinned nowhere may go anywhere', () => {
  expect(refusal(configured('', '').replace(', region: eu', ''))).toBe('');
});

test('a store outside the region of a source is refused by name, and so is one that names no region', () => {
  expect(refusal(configured(', region: us', '    region: eu'))).toContain(
    'f:2: clickhouse.region: topic eu.events is pinned to eu, and the store is in us',
  );
  expect(refusal(configured('', '    region: eu'))).toContain('the store is in no region that is named');
});

test('a receiver outside the region is refused, unless it is sent other topics only', () => {
  expect(refusal(configured(', region: eu', '    region: us'))).toContain(
    'f:7: sinks.siem: topic eu.events is pinned to eu, and this receiver is in us',
  );
  expect(refusal(configured(', region: eu', '    filter: { topics: [us.events] }'))).toBe('');
  expect(refusal(configured(', region: eu', '    region: eu'))).toBe('');
});

test('what Trailhouse tells of a store in a region stays there too', () => {
  expect(refusal(configured(', region: eu', '    filter: { topics: [us.events, trailhouse.events] }'))).toContain(
    'topic trailhouse.events is pinned to eu',
  );
});

test('a filter that names a topic there is none of is refused', () => {
  expect(refusal(configured('', '    filter: { topics: [eu.event] }'))).toContain(
    'f:10: sinks.siem.filter.topics: there is no topic eu.event; there are eu.events, us.events, trailhouse.events',
  );
});
