import type { ClickHouse } from '../../clickhouse/client.ts';
import type { LedgerDesk } from '../../console/ledger.ts';
import type { Log } from '../../core/log.ts';
import { record } from '../acts.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { paths, WATCHER } from '../open.ts';
import { readCertificateKeys } from '../retain/key.ts';
import { openLedgerKeys } from './keys.ts';
import { reportOf } from './report.ts';
import { verifyLedger } from './verify-ledger.ts';

interface Around {
  readonly config: Config;
  readonly clickhouse: ClickHouse;
  readonly log: Log;
}

/** Keys are read when they are used: they may be rotated under a running process. */
export function openLedgerDesk({ config, clickhouse, log }: Around): LedgerDesk {
  let store: ReturnType<ClickHouse['reader']> | undefined;
  return {
    async verify(window, asker, told) {
      const keys = await openLedgerKeys(config.ledger);
      const isTime = (text: string): boolean => text === '' || !Number.isNaN(Date.parse(text));
      if (!isTime(window.from) || !isTime(window.to) || Date.parse(window.from) >= Date.parse(window.to))
        return { kind: 'refused', reason: 'from and to are times, and to lies after from' };
      if (keys === undefined)
        return {
          kind: 'refused',
          reason: 'nothing is sealed: ledger.signing_key names no key to sign checkpoints with',
        };
      store ??= clickhouse.reader(WATCHER);
      const { ledger: folder, certificates } = paths(config);
      const { outside } = config.ledger;
      const kept = { certificates, certificateKeys: await readCertificateKeys(config.retention), clock: systemClock };
      const so = { far: 0, total: 0 };
      const verified = await verifyLedger({ folder, outside, store, ...kept, ...keys }, window, {
        begin(events) {
          so.total += events;
        },
        advance(by) {
          so.far += by;
          told(so.far, so.total);
        },
      });
      const report = reportOf(verified);
      const outcome = report.verdict === 'verified' ? 'success' : 'failure';
      const attributes = { what: 'ledger verify', verdict: report.verdict, ...window };
      await record({ action: 'audit.act', outcome, target: 'ledger', asker, attributes }, log, systemClock);
      return { kind: 'text', text: JSON.stringify(report), rows: report.partitions.length };
    },
  };
}
