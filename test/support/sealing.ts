import { join } from 'node:path';
import type { Batch } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import type { Signer } from '../../services/ledger/note.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { WATCHER } from '../../services/processes/open.ts';
import { catchUp } from '../../services/processes/seal/catch-up.ts';
import { type Disk, disk } from '../../services/processes/seal/disk.ts';
import { SealedPartition } from '../../services/processes/seal/partition.ts';
import type { SealParts } from '../../services/processes/seal/parts.ts';
import { ORIGIN, testSigner } from '../ledger/keys.ts';
import type { Pipeline } from './pipeline.ts';

/** What seals the pipeline, in a folder of its name. */
export function sealParts(
  { folder, log, clickhouse }: Pipeline,
  name = 'ledger',
  signer: Signer = testSigner(),
): SealParts {
  return {
    ...{ log, signer, disk, origin: ORIGIN, known: [signer.verifier], clock: systemClock, logger: silent },
    store: clickhouse.reader(WATCHER),
    folder: join(folder, name),
    outside: join(folder, 'outside'),
  };
}

/** Opens the tree of partition 0, and reads the topic to its end. */
export async function readOn(parts: SealParts, change = (batch: Batch): Batch => batch): Promise<SealedPartition> {
  const state = (await parts.log.describe('audit.events'))?.partitions[0];
  if (state === undefined) throw new Error('there is no audit.events');
  const position = { topic: 'audit.events', partition: 0, ...state, committed: undefined };
  const sealed = await SealedPartition.open(position, parts);
  await catchUp(sealed, position, parts, new AbortController().signal);
  const batches: Batch[] = [];
  await parts.log.read('audit.events', 0, (batch) => void batches.push(batch), sealed.next);
  for (const batch of batches) await sealed.take(change(batch));
  return sealed;
}

/** One round of the role. */
export async function sealOnce(parts: SealParts, change?: (batch: Batch) => Batch): Promise<SealedPartition> {
  const sealed = await readOn(parts, change);
  await sealed.seal();
  return sealed;
}

/** A disk whose `n`-th write and all that follow fail, half-way where it can be. */
export function brokenDisk(n: number): Disk & { readonly isBroken: () => boolean } {
  let left = n;
  const may = (): void => {
    if (left-- <= 0) throw new Error('the disk is gone');
  };
  return {
    isBroken: () => left < 0,
    async write(files) {
      for (const file of files) {
        may();
        await disk.write([file]);
      }
    },
    async writeOnce(file) {
      may();
      return disk.writeOnce(file);
    },
    async extend(path, at, bytes) {
      try {
        may();
      } catch (error) {
        await disk.extend(path, at, bytes.subarray(0, bytes.length / 2));
        throw error;
      }
      await disk.extend(path, at, bytes);
    },
  };
}
