import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe } from 'vitest';
import { openEmbeddedLog } from '../../../services/log/embedded/index.ts';
import { shiftedClock } from '../../support/clock.ts';
import { conformance } from './conformance.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-log-'));
const path = join(folder, 'log.sqlite');
const clock = shiftedClock();

afterAll(() => rmSync(folder, { recursive: true }));

/** A change that no driver would make. */
function change(sql: string, parameters: readonly (string | number)[]): void {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.prepare(sql).run(...parameters);
  database.close();
}

describe('embedded', () => {
  conformance(() => ({
    open: () => openEmbeddedLog({ path, clock }),
    async truncate(topic, partition, start) {
      change('UPDATE partitions SET start = ? WHERE topic = ? AND number = ?', [start, topic, partition]);
    },
    async overcommit(group, topic, partition, offset) {
      change('INSERT INTO committed VALUES (?, ?, ?, ?, ?)', [group, topic, partition, offset, '']);
    },
    /** Appends are the occasion to look for what has expired. */
    async age(log, topic) {
      clock.advance(2 * 3_600_000);
      await log.append(topic, 0, [{ value: Buffer.from('later') }]);
    },
    expiring: { partitions: 1, retentionMs: 3_600_000 },
  }));
});
