import { readEventId, topicNumber } from '../../core/origin.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Ledger } from './read.ts';

/** Places that are looked through at a time. */
const PAGE = 10_000;

/** Where an event's leaf is in a signed tree. Looks through the places of all leaves: rows may be gone. */
export async function findLeaf(
  ledger: Ledger,
  event: string,
): Promise<{ readonly partition: number; readonly index: number; readonly checkpoint: SignedCheckpoint } | undefined> {
  const wanted = readEventId(event);
  if (wanted === undefined) return undefined;
  for (const partition of await ledger.partitions()) {
    const checkpoint = await ledger.checkpoint(partition);
    if (checkpoint === undefined) continue;
    const places = ledger.places(partition);
    for (let first = 0; first < checkpoint.size; first += PAGE) {
      const page = await places.read(first, Math.min(first + PAGE, checkpoint.size));
      const at = page.findIndex(({ lineage, offset, ordinal }) => {
        if (offset !== wanted.offset || ordinal !== wanted.ordinal) return false;
        const [epoch, topic = '', raw] = lineage.split('/');
        const isOfTopic = topicNumber(topic) === wanted.topicNumber;
        return isOfTopic && Number(epoch) === wanted.epoch && Number(raw) === wanted.partition;
      });
      if (at >= 0) return { partition, index: first + at, checkpoint };
    }
  }
  return undefined;
}
