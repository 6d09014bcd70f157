import type { Mapped } from '../../core/format.ts';

/** Where in an entry something stands. */
export type Place = readonly string[];

/** Something that was done in a request, and where the entry tells of it. */
export interface Act {
  readonly columns: Mapped;
  readonly place: Place;
}
