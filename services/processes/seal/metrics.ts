import { Gauge } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Metrics } from '../metrics.ts';
import type { SealRole } from './index.ts';

/** What is sealed, read at scrape time. */
export function sealMetrics({ registry }: Metrics, { standing }: SealRole, clock: Clock): void {
  const registers = [registry];
  const labelNames = ['partition'];
  new Gauge({
    name: 'trailhouse_ledger_sealed_events',
    help: 'Events under the newest checkpoint, by audit partition.',
    labelNames,
    registers,
    collect() {
      for (const { partition, size } of standing()) this.set({ partition }, size);
    },
  });
  new Gauge({
    name: 'trailhouse_ledger_checkpoint_age_seconds',
    help: 'How long ago the newest checkpoint was signed, by audit partition.',
    labelNames,
    registers,
    collect() {
      for (const { partition, signedAt } of standing())
        if (signedAt !== undefined) this.set({ partition }, (clock.now().getTime() - Date.parse(signedAt)) / 1000);
    },
  });
  new Gauge({
    name: 'trailhouse_ledger_stopped',
    help: '1 where an audit partition is signed no more: what there is contradicts what was signed.',
    labelNames,
    registers,
    collect() {
      for (const { partition, isStopped } of standing()) this.set({ partition }, isStopped ? 1 : 0);
    },
  });
}
