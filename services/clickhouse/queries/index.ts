import { accessed } from './accessed.ts';
import { configChanges } from './config-changes.ts';
import { buried, parity, receipts, sinks } from './deliveries.ts';
import { costsByTeam, coverage, denied, quarantine } from './operations.ts';
import type { NamedQuery } from './query.ts';
import { timeline } from './timeline.ts';

/** Every question with a name, in the order `trailhouse query` lists them. */
export const queries: readonly NamedQuery[] = [
  configChanges,
  accessed,
  timeline,
  denied,
  costsByTeam,
  coverage,
  quarantine,
  sinks,
  buried,
  parity,
  receipts,
];
