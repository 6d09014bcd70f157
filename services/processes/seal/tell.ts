import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Verifier } from '../../ledger/note.ts';
import { digest, ourselves, record } from '../acts.ts';
import { type Disk, isCode } from './disk.ts';

interface Surroundings {
  readonly log: Log;
  readonly clock: Clock;
}

/** Puts a checkpoint onto the trail, and so before every receiver. Told again after a crash, it counts as sent again. */
export async function tellCheckpoint(
  partition: number,
  { origin, size, root, note }: SignedCheckpoint,
  { id: key }: Verifier,
  { log, clock }: Surroundings,
): Promise<void> {
  const act = {
    action: 'ledger.checkpoint',
    id: digest(note),
    outcome: 'success',
    target: origin,
    asker: ourselves('seal'),
    attributes: { audit_partition: partition, size, root: Buffer.from(root).toString('hex'), key, checkpoint: note },
  } as const;
  await record(act, log, clock);
}

/** Raises the alarm on the trail; the same one once. */
export async function tellAlarm(origin: string, reason: string, { log, clock }: Surroundings): Promise<void> {
  const id = digest(`ledger\n${origin}\n${reason}`);
  const act = {
    action: 'finding.raised',
    id,
    outcome: 'unknown',
    severity: 'critical',
    policy: 'ledger',
    target: `${origin}: ${reason}`.slice(0, 1024),
    asker: ourselves('seal'),
    attributes: { key: id, event: '', events: 0 },
  } as const;
  await record(act, log, clock);
}

const FILE = 'told';

/** Whether the act of the checkpoint of a size is in the log. */
export async function isTold(folder: string, size: number): Promise<boolean> {
  try {
    return Number(await readFile(join(folder, FILE), 'utf8')) >= size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

export async function markTold(folder: string, size: number, disk: Disk): Promise<void> {
  await disk.write([{ path: join(folder, FILE), bytes: Buffer.from(`${size}\n`) }]);
}
