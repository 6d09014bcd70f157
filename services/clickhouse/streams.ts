import type { Params, Settings } from './client.ts';

/** A piece of an answer in its format. Pieces follow each other without anything between them. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Rows in it; undefined where the driver cannot say. */
  readonly rows: number | undefined;
}

/** A question that has passed the gate. */
export interface Ask {
  readonly sql: string;
  /** As ClickHouse spells it: one `formatOf` knows. */
  readonly format: string;
  readonly params: Params;
  /** Narrower than the limits the streams were opened with. */
  readonly settings: Settings;
  /** Whether the answer comes row by row: see the gate. */
  readonly streams: boolean;
  /** Revision of the native protocol the client speaks in blocks of `Native`; 0: none. */
  readonly revision: number;
}

/**
 * Answers while they come. Iterating rejects with `ClickHouseFailure`, after some of the answer or before it; ending early stops
 * the query as soon as the engine lets go of it.
 */
export interface Streams {
  ask(question: Ask, signal: AbortSignal): AsyncIterable<Piece>;
}

/** So many are at work and so many wait that another would wait for too long. */
export class TooManyQueries extends Error {
  override readonly name = 'TooManyQueries';
}
