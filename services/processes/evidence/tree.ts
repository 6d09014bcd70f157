import type { Account, Extent, Tree } from '../../evidence/parts.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import { type Run, writeStatement } from '../../ledger/statement.ts';
import type { Ledger } from '../seal/read.ts';

/** Leaves whose places are read at once: neighbours are asked for one after the other. */
const AT_ONCE = 4_096;

/** The tree that `newest` signs, over a stretch of the log; undefined where it is not signed so far. */
export async function treeOf(
  ledger: Ledger,
  { partition, first, last }: Extent,
  newest: SignedCheckpoint | undefined,
): Promise<Tree | undefined> {
  const start = await ledger.checkpoint(partition, first);
  if (newest === undefined || start === undefined || newest.lastOffset < last) return undefined;
  const places = ledger.places(partition);
  let [from, offsets]: [number, readonly number[]] = [0, []];

  return {
    size: newest.size,
    checkpoint: newest.note,
    firstSize: start.size,
    firstCheckpoint: start.note,
    accounts: () => accountsOf(ledger, { partition, first, last }, newest.size),
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

/**
 * Statements of the intervals from the first event to the last, and on until what the last of them left waiting is accounted for:
 * accounts come after their events.
 */
async function* accountsOf(ledger: Ledger, { partition, first, last }: Extent, most: number): AsyncGenerator<Account> {
  const start = await ledger.checkpoint(partition, first);
  const shelf = ledger.checkpoints(partition);
  let waiting: ReadonlyMap<string, number> | undefined;
  for (const size of (await shelf.sizes()).filter((one) => one >= (start?.size ?? 0) && one <= most)) {
    const checkpoint = await shelf.checkpoint(size);
    const statement = await ledger.statement(partition, checkpoint);
    yield { checkpoint: checkpoint.note, statement: writeStatement(statement) };
    if (checkpoint.lastOffset < last) continue;
    waiting ??= new Map(statement.raw.map(({ lineage, waiting: runs }) => [lineage, endOf(runs)]));
    const accounted = new Map(statement.raw.map((raw) => [raw.lineage, raw.accounted ?? 0]));
    if ([...waiting].every(([lineage, end]) => (accounted.get(lineage) ?? 0) >= end)) return;
  }
}

const endOf = (runs: readonly Run[]): number => Math.max(0, ...runs.map(({ offset, count }) => offset + count));

function indexIn(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
}
