import { afterAll, expect, test } from 'vitest';
import { silent } from '../../../services/core/logger.ts';
import { openKafkaLog } from '../../../services/log/kafka/index.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { startKafka } from '../../support/kafka.ts';

const server = await startKafka();
afterAll(() => server?.stop());

const HOUR_MS = 3_600_000;

test.skipIf(server === undefined).each([48, -48])(
  'a clock %i hours off is not what the log stamps with',
  async (hours) => {
    const clock = { ...systemClock, now: () => new Date(Date.now() + hours * HOUR_MS) };
    const log = openKafkaLog({ brokers: server?.brokers ?? [], clientId: 'stamped', clock, logger: silent });
    const name = `stamped.${hours}`;
    await log.create([{ name, partitions: 1, retentionMs: -1, isStampedByLog: true }]);
    const before = Date.now();
    await log.append(name, 0, [{ value: Buffer.from('a') }, { value: Buffer.from('b') }]);
    const stamps: number[] = [];
    await log.read(name, 0, ({ records }) => {
      stamps.push(...records.map(({ receivedAt }) => receivedAt.getTime()));
    });
    await log.close();
    expect(stamps).toHaveLength(2);
    for (const stamp of stamps) expect(Math.abs(stamp - before)).toBeLessThan(HOUR_MS);
  },
);
