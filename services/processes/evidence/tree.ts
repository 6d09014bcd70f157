import type { Extent, Tree } from '../../evidence/parts.ts';
import { writeStatement } from '../../ledger/statement.ts';
import type { Ledger } from '../seal/read.ts';

/** Leaves whose places are read at once: neighbours are asked for one after the other. */
const AT_ONCE = 4_096;

/** The signed tree over a stretch of the log; undefined where it is not signed so far. */
export async function treeOf(ledger: Ledger, { partition, first, last }: Extent): Promise<Tree | undefined> {
  const newest = await ledger.checkpoint(partition);
  const start = await ledger.checkpoint(partition, first);
  if (newest === undefined || start === undefined || newest.lastOffset < last) return undefined;
  const places = ledger.places(partition);
  let [from, offsets]: [number, readonly number[]] = [0, []];

  return {
    size: newest.size,
    checkpoint: newest.note,
    firstSize: start.size,
    firstCheckpoint: start.note,
    statement: writeStatement(await ledger.statement(partition, newest)),
    tiles: ledger.tiles(partition),
    async indexOf(offset) {
      const [head, tail] = [offsets[0], offsets.at(-1)];
      if (head === undefined || tail === undefined || offset < head || offset > tail) {
        from = await places.indexFrom(offset, newest.size);
        const read = await places.read(from, Math.min(from + AT_ONCE, newest.size));
        offsets = read.map(({ auditOffset }) => auditOffset);
      }
      const at = indexIn(offsets, offset);
      return at === -1 ? undefined : from + at;
    },
  };
}

function indexIn(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
}
