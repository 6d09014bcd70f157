import type { Envelope } from '../../core/log.ts';
import type { Watermark } from '../../core/origin.ts';

/** How far every raw partition was taken, by lineage (`epoch/topic/partition`). */
export type Taken = ReadonlyMap<string, Watermark>;

/** A datum that becomes a row. */
export interface Row {
  readonly datum: Uint8Array;
  /** The table partition it goes to, as far as the headers say; '' where they do not. */
  readonly part: string;
}

/** What is stored of one record. */
export interface Took {
  readonly kind: 'took';
  readonly schemaId: number;
  readonly rows: readonly Row[];
  /** How far its lineage is taken then; undefined where nothing of it is beyond what was. */
  readonly reached: { readonly lineage: string; readonly mark: Watermark } | undefined;
  /** Datums that were not beyond the watermark: a producer's repetition, dropped. */
  readonly redelivered: number;
  /** Ranges that begin beyond the watermark. */
  readonly holes: number;
}

/** The record is not one of ours, or not whole. It is never dropped: the lane stops. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/**
 * Decides what to store of a record, given what was taken before. Pure: the same record after the same `taken` gives the
 * same rows, so that a cut can be made again.
 */
export type Take = (record: Envelope, taken: Taken) => Took | Unreadable;

export const unreadable = (reason: string): Unreadable => ({ kind: 'unreadable', reason });
