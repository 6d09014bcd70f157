import { expect, test } from 'vitest';
import type { ClickHouse, Writer } from '../../../services/clickhouse/client.ts';
import { tell } from '../../../services/processes/retain/tell.ts';
import { newKey, readSigningKey } from '../../../services/retention/signing.ts';
import { fakeClock } from '../../support/clock.ts';
import { memoryLog } from '../../support/memory-log.ts';

const unasked = () => Promise.reject(new Error('not asked'));
const never = (): never => {
  throw new Error('not asked');
};
const writer: Writer = { rows: unasked, text: unasked, run: unasked, insert: unasked };
const clickhouse: ClickHouse = { writer, reader: () => writer, streams: () => never(), close: async () => {} };

const intended = {
  ...{ certificate: '7d3c5a1e-0f52-4c39-9a3e-0d6a6c0b7f11', stored_in: 'events', retention_class: 'soc2' },
  ...{ bucket: '2026-01-01', rows: 2, kept: 0, first_at: '', last_at: '', reasons: [], frameworks: [], lineages: [] },
  ...{ holds_considered: [], decided_at: '', version: '1' },
};

test.each([
  ['a certificate', 1_000, 'certificate'],
  ['one too large for a message', 2_000_000, 'filed_as'],
])('%s is told, by its digest at least', async (_, length, key) => {
  const clock = fakeClock();
  const log = memoryLog(clock);
  await log.create([{ name: 'trailhouse.events', partitions: 1, retentionMs: -1 }]);
  const steps: string[] = [];
  await tell(
    { certificate: intended.certificate, sealed: 's'.repeat(length), digest: 'd', intended, since: undefined },
    { log, clock, clickhouse, signingKey: readSigningKey(newKey().privatePem) },
    async (step) => void steps.push(step),
  );
  const told: string[] = [];
  await log.read('trailhouse.events', 0, ({ records }) =>
    told.push(...records.map(({ value }) => Buffer.from(value).toString())),
  );
  expect(steps).toEqual(['telling', 'told']);
  expect(told.map((text) => text.length < 1_000_000)).toEqual([true]);
  const [act] = told.map((text) => JSON.parse(text));
  expect(act).toMatchObject({ attributes: { digest: 'd', rows: 2 } });
  expect(Object.keys(act.content)).toEqual([key]);
});
