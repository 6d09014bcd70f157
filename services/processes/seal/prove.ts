import type { NodeReader } from '../../ledger/tree.ts';
import { consistencyProof, rootAt, sameHash, verifyConsistency } from '../../ledger/tree.ts';
import type { Witnessed } from './base.ts';
import { HistoryDiffers } from './parts.ts';

/** The tree as it is about to be signed. */
export interface Grown {
  readonly origin: string;
  readonly firstOffset: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** Reads what is written down of it. */
  readonly nodes: NodeReader;
}

/** Throws `HistoryDiffers` where the tree does not continue one of the checkpoints. None of them is larger than the tree. */
export async function prove(grown: Grown, found: readonly Witnessed[]): Promise<void> {
  if (!sameHash(await rootAt(grown.nodes, grown.size), grown.root))
    throw new HistoryDiffers('the files of the tree are not what was written');
  for (const { where, checkpoint } of found) {
    const it = `the checkpoint ${where} (size ${checkpoint.size})`;
    if (checkpoint.origin !== grown.origin)
      throw new HistoryDiffers(`${it} is of ${checkpoint.origin}, not of ${grown.origin}`);
    if (checkpoint.firstOffset !== grown.firstOffset)
      throw new HistoryDiffers(`${it} begins at audit offset ${checkpoint.firstOffset}, not ${grown.firstOffset}`);
    const proof = await consistencyProof(grown.nodes, checkpoint.size, grown.size);
    const first = { first: checkpoint.size, firstRoot: checkpoint.root };
    if (!verifyConsistency({ ...first, second: grown.size, secondRoot: grown.root, proof }))
      throw new HistoryDiffers(`${it} is not the beginning of the tree of ${grown.size} leaves: history was rewritten`);
  }
}
