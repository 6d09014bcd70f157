import type { Writer } from '../../clickhouse/client.ts';
import { newestTold } from '../../clickhouse/ledger.ts';
import { lastOffsets } from '../../clickhouse/retention/facts.ts';
import type { Way } from '../../clickhouse/retention/shelves.ts';
import { openCheckpoint } from '../../ledger/checkpoint.ts';
import type { Verifier } from '../../ledger/note.ts';

/**
 * Why events of a partition wait for the ledger; undefined where a checkpoint on the trail covers them all. An event that leaves before
 * it is sealed would never be proven.
 */
export async function whyUnsealed(
  writer: Writer,
  shelf: Way,
  from: string,
  known: readonly Verifier[],
): Promise<string | undefined> {
  if (shelf.shelving.name !== 'events') return undefined;
  for (const { partition, last } of await lastOffsets(writer, shelf.shelving, from, shelf)) {
    const note = await newestTold(writer, partition);
    if (note === undefined) return `nothing of audit partition ${partition} is sealed yet`;
    const opened = openCheckpoint(note, known);
    if (opened.kind === 'refused')
      return `the newest checkpoint of audit partition ${partition} in the store cannot be believed: ${opened.reason}`;
    const { lastOffset } = opened.checkpoint;
    if (last > lastOffset)
      return `audit partition ${partition} is sealed up to ${lastOffset}, and events up to ${last} are due`;
  }
  return undefined;
}
