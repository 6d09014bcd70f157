import { hostname } from 'node:os';
import type { ClickHouse } from '../../clickhouse/client.ts';
import { systemClock } from '../clock.ts';
import { paths, WATCHER } from '../open.ts';
import { type Base, migrated } from '../parts.ts';
import type { Part } from '../supervise.ts';
import { disk } from './disk.ts';
import { seal } from './index.ts';
import { openLedgerKeys } from './keys.ts';
import { sealMetrics } from './metrics.ts';
import { grantWishes } from './wishes.ts';

/** Seals nothing where no key signs. */
export async function sealParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const { config, log, logger, metrics, asked } = base;
  const keys = await openLedgerKeys(config.ledger);
  if (keys === undefined) {
    logger.info({}, 'nothing is sealed: ledger.signing_key names no key to sign checkpoints with');
    return [];
  }
  await migrated(clickhouse, logger, asked);
  const role = seal({
    ...{ log, logger, disk, ...keys, clock: systemClock },
    store: clickhouse.reader(WATCHER),
    writer: clickhouse.writer,
    folder: paths(config).ledger,
    outside: config.ledger.outside,
    intervalMs: config.ledger.interval_seconds * 1000,
    owner: `seal/${hostname()}/${process.pid}/${Date.now()}`,
  });
  sealMetrics(metrics, role, systemClock);
  return [
    { name: 'seal', run: role.run },
    { name: 'checkpoints', run: (signal) => grantWishes(paths(config).sealer, role, systemClock, signal) },
  ];
}
