import { beforeEach, expect, test } from 'vitest';
import { repoSchemas } from '../../../services/codec/schemas.ts';
import { type Log, LogLost, type Position, type Subscription } from '../../../services/core/log.ts';
import { silent } from '../../../services/core/logger.ts';
import { privacyConfig } from '../../../services/privacy/config.ts';
import type { Keys } from '../../../services/privacy/keys.ts';
import { bind } from '../../../services/processes/bindings.ts';
import { ingest } from '../../../services/processes/ingest/stage.ts';
import { retentionConfig } from '../../../services/retention/config.ts';
import { fakeClock } from '../../support/clock.ts';
import { nobodyListed } from '../../support/identity.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const TOPIC = 'gateway.events';
const bindings = bind({
  [TOPIC]: { partitions: 1, encoding: 'json', formats: ['litellm'], ceiling: 'claimed', epoch: 0 },
});
const position: Position = { topic: TOPIC, partition: 0, start: 0, end: 3, committed: undefined };
const nobody = new AbortController().signal;
const unasked = () => Promise.reject(new Error('no key is needed'));
const keys: Keys = { get: unasked, getAll: unasked, find: unasked, destroy: unasked, destroyed: unasked };

let log: MemoryLog;

beforeEach(async () => {
  log = memoryLog(fakeClock());
  const names = [TOPIC, 'audit.events', 'audit.accounting'];
  await log.create(names.map((name) => ({ name, partitions: 1, retentionMs: -1 })));
});

/** What ingest asks its group for. */
function resume(): NonNullable<Subscription['resume']> {
  let asked: Subscription['resume'];
  const telling: Log = {
    ...log,
    subscribe: (subscription) => {
      asked = subscription.resume;
      return log.subscribe(subscription);
    },
  };
  ingest({
    log: telling,
    bindings,
    auditPartitions: 1,
    schemas: repoSchemas(),
    keys,
    retention: retentionConfig.parse({}),
    identity: nobodyListed,
    quarantineDays: 30,
    privacy: privacyConfig.parse({}),
    clock: fakeClock(),
    logger: silent,
    count() {},
  });
  if (asked === undefined) throw new Error('ingest begins wherever its group says');
  return asked;
}

/** An account of everything below an offset. */
const account = (next: number) =>
  log.append('audit.accounting', 0, [
    {
      value: Buffer.alloc(1),
      headers: {
        origin: Buffer.from(`0/${TOPIC}/0`),
        range: Buffer.from(`0:${next}`),
        mark: Buffer.from('{"epoch":0,"last":""}'),
      },
    },
  ]);

const messages = (count: number) =>
  log.append(
    TOPIC,
    0,
    Array.from({ length: count }, () => ({ value: Buffer.from('{}') })),
  );

test('what a predecessor settled since the partition was dealt is no loss', async () => {
  await messages(8);
  await account(7);
  expect(await resume()(position, nobody)).toBe(position.end);
});

test('what was settled beyond the end of the log is one', async () => {
  await messages(5);
  await account(7);
  await expect(resume()(position, nobody)).rejects.toBeInstanceOf(LogLost);
});
