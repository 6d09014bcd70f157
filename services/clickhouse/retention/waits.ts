import type { Writer } from '../client.ts';
import { quote } from '../sql.ts';
import { micros } from './tables.ts';

/** What a pass could not let go, and why. `hold` and `operator` where one hold is the reason; empty otherwise. */
export interface Wait {
  /** As certificates name the table; empty for everything. */
  readonly stored_in: string;
  readonly retention_class: string;
  readonly bucket: string;
  readonly why: string;
  readonly hold: string;
  readonly operator: string;
}

/** Beside what waits, that the pass ran: nothing waits any more once a pass says nothing of it. */
const RAN: Wait = { stored_in: '', retention_class: '', bucket: '', why: '', hold: '', operator: '' };

/** Writes down what a pass left, for `retention plan`. `now` names the pass. */
export async function recordWaits(writer: Writer, waits: readonly Wait[], now: number): Promise<void> {
  const rows = [RAN, ...waits].map((one) => [
    one.stored_in,
    one.retention_class,
    one.bucket,
    one.why,
    one.hold,
    one.operator,
  ]);
  await writer.run(
    `INSERT INTO audit.retention_waits (pass, stored_in, retention_class, bucket, why, hold, operator)
     SELECT ${micros('now')}, r.1, r.2, r.3, r.4, r.5, r.6
     FROM (SELECT arrayJoin(JSONExtract(${quote(JSON.stringify(rows))}, 'Array(Tuple(String, String, String, String, String, String))')) AS r)`,
    { now },
    { async_insert: 0, insert_deduplicate: 0 },
  );
  await forget(writer, now);
}

const DAY_US = 86_400_000_000;

/** A pass is spoken of for two weeks; about once a day, what is older goes. */
async function forget(writer: Writer, now: number): Promise<void> {
  const old = await writer.rows(`SELECT 1 FROM audit.retention_waits WHERE pass < ${micros('before')} LIMIT 1`, {
    before: now - 15 * DAY_US,
  });
  if (old.length === 0) return;
  const sql = `ALTER TABLE audit.retention_waits DELETE WHERE pass < ${micros('before')}`;
  await writer.run(sql, { before: now - 14 * DAY_US }, { mutations_sync: 2 });
}
