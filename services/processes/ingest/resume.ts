import { createHash } from 'node:crypto';
import type { Batch, Envelope, Position } from '../../core/log.ts';

/** What is committed with a raw offset, to know the log again. */
interface Mark {
  readonly epoch: number;
  /** Fingerprint of the record just below the committed offset; empty when the log holds nothing there. */
  readonly last: string;
}

/** The raw log is not the one that was read before. Only an operator may open a new epoch. */
export class LogReplaced extends Error {
  override readonly name = 'LogReplaced';
}

/** Where to begin, and the fingerprint the first record must have when it is one that was already settled. */
export interface Beginning {
  readonly offset: number;
  readonly known: { readonly offset: number; readonly fingerprint: string } | undefined;
}

/**
 * Begins one record early, so that a log that was re-created and has outgrown our offset is noticed by its content. In
 * a new epoch it begins at the log's start.
 */
export function begin(position: Position, epoch: number): Beginning {
  const { topic, partition, start, committed } = position;
  if (committed === undefined) return { offset: start, known: undefined };
  const mark = readMark(committed.metadata) ?? { epoch, last: '' };
  if (mark.epoch > epoch)
    throw new LogReplaced(`${topic}/${partition}: committed in epoch ${mark.epoch}, configured is ${epoch}`);
  if (mark.epoch < epoch) return { offset: start, known: undefined };
  const before = committed.offset - 1;
  if (mark.last === '' || before < start) return { offset: committed.offset, known: undefined };
  return { offset: before, known: { offset: before, fingerprint: mark.last } };
}

/** The batch without the record that was read again to know the log by. */
export function recognise(batch: Batch, known: Beginning['known']): Batch {
  if (known === undefined || batch.first > known.offset) return batch;
  const record = batch.records.find(({ offset }) => offset === known.offset);
  if (record !== undefined && fingerprint(record) !== known.fingerprint)
    throw new LogReplaced(
      `${batch.topic}/${batch.partition}: offset ${known.offset} is not the record settled before: the log was re-created; ` +
        'see docs/runbooks/log-replaced.md, then raise the epoch of this topic',
    );
  return {
    ...batch,
    first: known.offset + 1,
    records: batch.records.filter(({ offset }) => offset > known.offset),
  };
}

export function mark(batch: Batch, epoch: number): string {
  const last = batch.records.at(-1);
  const covers = last !== undefined && last.offset === batch.next - 1;
  const written: Mark = { epoch, last: covers ? fingerprint(last) : '' };
  return JSON.stringify(written);
}

function readMark(metadata: string): Mark | undefined {
  try {
    const { epoch, last } = JSON.parse(metadata);
    if (Number.isSafeInteger(epoch) && typeof last === 'string') return { epoch, last };
  } catch {
    // Committed by something else, such as an offset reset: the epoch is taken as unchanged.
  }
  return undefined;
}

function fingerprint({ value, receivedAt }: Envelope): string {
  return createHash('sha256').update(`${receivedAt.getTime()}\n`).update(value).digest('hex').slice(0, 24);
}
