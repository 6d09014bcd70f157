import type { Log, Position } from '../../core/log.ts';
import { laneName, type Marks, RECEIPT, readMarks } from './receipt.ts';
import type { Standing } from './shift.ts';

/** What the store knows of a lane, for when the log has forgotten. Waits for the store where it is away. */
export interface Memory {
  /** End of the lane's contiguous receipts; undefined for a lane that never wrote one. */
  settledTo(sink: string, partition: number): Promise<number | undefined>;
  /** How far each raw partition is stored below an audit offset. */
  marksBefore(partition: number, offset: number): Promise<Marks>;
}

interface Remembered {
  readonly settled: number | undefined;
  readonly marks: Marks | undefined;
  readonly receiptsAt: number;
}

/**
 * Where a lane was left: its commit, then the receipts written since. A commit is as old as the last whole batch, a receipt
 * as old as the last request. Brokers forget commits of a group that was away for long, and topics keep receipts for days:
 * the store remembers then. Undefined for a lane that never ran.
 */
export async function recall(
  sink: string,
  { partition, committed }: Position,
  log: Log,
  memory: Memory,
): Promise<Standing | undefined> {
  const commit = committed === undefined ? undefined : readCommit(committed.metadata);
  if (committed !== undefined && commit === undefined) return reset(committed.offset, partition, log, memory);
  const begun: Remembered = { settled: committed?.offset, marks: commit?.marks, receiptsAt: commit?.receiptsAt ?? 0 };
  // To read the topic costs a consumer group: the receipt that the commit was made after tells nothing more if it has the marks.
  const from = begun.marks === undefined ? begun.receiptsAt : begun.receiptsAt + 1;
  const { settled, marks, receiptsAt } = await readReceipts(log, laneName(sink, partition), partition, begun, from);
  const offset = settled ?? (await memory.settledTo(sink, partition));
  if (offset === undefined) return undefined;
  return { settled: offset, marks: marks ?? (await memory.marksBefore(partition, offset)), receiptsAt };
}

/** An operator has set the group's offset: the lane sends again from there, whatever its receipts say. */
async function reset(settled: number, partition: number, log: Log, memory: Memory): Promise<Standing> {
  const receipts = (await log.describe('audit.deliveries'))?.partitions[partition];
  return { settled, marks: await memory.marksBefore(partition, settled), receiptsAt: receipts?.end ?? 0 };
}

/** Receipts in the order they were written; of a lane and its predecessor that woke up again, those that lead on. */
async function readReceipts(
  log: Log,
  lane: string,
  partition: number,
  begun: Remembered,
  from: number,
): Promise<Remembered> {
  let { settled, marks, receiptsAt } = begun;
  const visit: Parameters<Log['read']>[2] = ({ records }) => {
    for (const { offset, headers } of records) {
      if (text(headers[RECEIPT.lane]) !== lane) continue;
      const range = readRange(text(headers[RECEIPT.range]));
      if (range === undefined) continue;
      const leadsOn = settled === undefined || (range.first <= settled && settled <= range.next);
      if (!leadsOn) continue;
      settled = range.next;
      marks = readMarks(text(headers[RECEIPT.marks])) ?? marks;
      receiptsAt = offset;
    }
  };
  await log.read('audit.deliveries', partition, visit, from);
  return { settled, marks, receiptsAt };
}

function readRange(range: string): { readonly first: number; readonly next: number } | undefined {
  const [, first, next] = /^(\d{1,16}):(\d{1,16})$/.exec(range) ?? [];
  return first === undefined || next === undefined ? undefined : { first: Number(first), next: Number(next) };
}

/** Undefined where the commit is not ours. */
function readCommit(metadata: string): { readonly marks: Marks | undefined; readonly receiptsAt: number } | undefined {
  try {
    const { receipts, marks } = JSON.parse(metadata);
    if (!Number.isSafeInteger(receipts)) return undefined;
    return { receiptsAt: Number(receipts), marks: typeof marks === 'string' ? readMarks(marks) : undefined };
  } catch {
    return undefined;
  }
}

const text = (header: Uint8Array | undefined): string => (header === undefined ? '' : Buffer.from(header).toString());
