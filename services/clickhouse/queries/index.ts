import { accessed } from './accessed.ts';
import { filesTouched, guardrails, limits, mcpCalls, models, shellCommands } from './activity.ts';
import { accessReviews, bundles, corrections, denials, identityChanges, keyLifecycle, signIns } from './assurance.ts';
import { attribution, unattributed } from './attribution.ts';
import { configChanges } from './config-changes.ts';
import { chargeback, costsByTeam } from './costs.ts';
import { buried, parity, receipts, sinks } from './deliveries.ts';
import { coverage, denied, quarantine } from './operations.ts';
import { findings, phi } from './oversight.ts';
import type { NamedQuery } from './query.ts';
import { certificates, erasures, holds, retention, retentionOf, retentionPlan } from './retention.ts';
import { timeline } from './timeline.ts';

/** Every question with a name, in the order `trailhouse query` lists them. */
export const queries: readonly NamedQuery[] = [
  configChanges,
  accessed,
  timeline,
  denied,
  shellCommands,
  filesTouched,
  mcpCalls,
  models,
  guardrails,
  phi,
  findings,
  limits,
  chargeback,
  costsByTeam,
  attribution,
  unattributed,
  coverage,
  quarantine,
  sinks,
  buried,
  parity,
  receipts,
  retention,
  retentionPlan,
  retentionOf,
  holds,
  certificates,
  erasures,
  accessReviews,
  denials,
  identityChanges,
  keyLifecycle,
  signIns,
  corrections,
  bundles,
];
