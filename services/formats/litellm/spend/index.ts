import { defineFormat, type Mapped, type Part } from '../../../core/format.ts';
import { type Reading, reading } from '../../reading.ts';
import { callOf } from '../call.ts';
import { clientOf } from '../client.ts';
import { actionOf, errorOf, outcomeOf } from '../end.ts';
import { firedPart, leftOf, runsOf, type Shared } from '../guardrails.ts';
import { modelOf } from '../model.ts';
import { claimsOf } from './actor.ts';
import { leaves } from './leaves.ts';
import { isRow, message, type Row } from './row.ts';
import { timesOf } from './times.ts';
import { unfolded } from './unfold.ts';
import { costOf, tokensOf } from './usage.ts';

/**
 * Rows of LiteLLM's spend logs (litellm/proxy/schema.prisma, LiteLLM_SpendLogs), as its GCS Pub/Sub callback sends them or
 * as they stand in the table: one, or many in an array.
 *
 * A row and the StandardLoggingPayload of the same call speak of one call twice. Both become the same events: the row's
 * `request_id` is the payload's `id`, so that source_event_id and action are equal where both are collected.
 */
export const litellmSpend = defineFormat({
  name: 'litellm-spend',
  encodings: ['json'],
  leaves,
  detect: (candidate) => (Array.isArray(candidate) ? candidate.some(isRow) : isRow(candidate)),
  schema: message,

  map(read) {
    const rows = [read].flat();
    return rows.length === 0 ? { skip: 'message: empty batch' } : rows.flatMap(partsOf);
  },
});

function partsOf(row: Row): readonly Part[] {
  const read = reading(unfolded(row));
  const runs = runsOf(read);
  const shared = sharedOf(read);
  const call: Mapped = {
    ...shared,
    ...timesOf(read),
    ...tokensOf(read),
    ...errorOf(read),
    action: actionOf(read),
    outcome: outcomeOf(read, runs),
    source_event_id: read.text('request_id'),
    cost_micro_usd: costOf(read),
    guardrails: runs.map(({ guardrail }) => guardrail),
  };
  const fired = runs.filter((run) => run.fired).map((run) => firedPart(run, shared, row.request_id, call.occurred_at));
  return [{ columns: call, ...leftOf(read, runs) }, ...fired];
}

function sharedOf(read: Reading): Shared {
  return {
    product: 'litellm',
    request_id: read.text('litellm_call_id') ?? read.text('metadata', 'litellm_call_id'),
    agent_id: read.text('agent_id'),
    ...clientOf(read),
    ...callOf(read),
    ...modelOf(read),
    claims: claimsOf(read),
    personal_attributes: {},
  };
}
