import { firstShortCut, storedTo } from '../../clickhouse/ledger.ts';
import { storedLeaves } from '../../clickhouse/stored-leaves.ts';
import type { Position } from '../../core/log.ts';
import type { SealedPartition } from './partition.ts';
import { EVENTS, HistoryDiffers, NotYet, type SealParts } from './parts.ts';

/** What the topic no longer holds is taken from the store, its leaves made of the columns. */
export async function catchUp(
  sealed: SealedPartition,
  { partition, start }: Position,
  { store }: Pick<SealParts, 'store'>,
  signal: AbortSignal,
): Promise<void> {
  const stretch = { partition, from: sealed.next, before: start };
  if (stretch.from >= stretch.before) return;
  if ((await storedTo(store, EVENTS, partition)) < start)
    throw new NotYet(`the archive has not stored ${EVENTS}/${partition} up to ${start} yet`);
  const short = await firstShortCut(store, stretch);
  if (short !== undefined)
    throw new HistoryDiffers(
      `${short.missing} events of ${EVENTS}/${partition} ${short.first}-${short.next} left the store before they were sealed`,
    );
  for await (const { rows, before } of storedLeaves(store, stretch)) {
    signal.throwIfAborted();
    await sealed.takeStored(rows, before);
  }
}
