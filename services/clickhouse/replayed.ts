import { z } from 'zod';
import type { Store } from '../core/store.ts';

const progress = z.object({ next: z.number(), ends: z.number() });

/** How far a replay got in an audit partition, by the receipts that are stored; a receipt of nothing is its last. */
export async function replayedTo(
  store: Store,
  replay: string,
  sink: string,
  partition: number,
): Promise<{ readonly next: number; readonly done: boolean }> {
  const [row] = await store.rows(
    `SELECT max(d.next) AS next, countIf(d.next = d.first) AS ends FROM audit.deliveries AS d
     WHERE d.sink = {sink:String} AND d.replay = {replay:String} AND d.audit_partition = {partition:Int32}`,
    { sink, replay, partition },
  );
  const { next, ends } = progress.parse(row);
  return { next, done: ends > 0 };
}
