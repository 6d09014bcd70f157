import { defineFormat, type Mapped, type Part } from '../../core/format.ts';
import { type Reading, reading } from '../reading.ts';
import { claimsOf } from './actor.ts';
import { callOf } from './call.ts';
import { clientOf } from './client.ts';
import { actionOf, errorOf, outcomeOf } from './end.ts';
import { firedPart, leftOf, runsOf, type Shared } from './guardrails.ts';
import { leaves } from './leaves.ts';
import { modelOf } from './model.ts';
import { isPayload, isSurely, message, type Payload } from './payload.ts';
import { timesOf } from './times.ts';
import { costOf, tokensOf } from './usage.ts';

/**
 * LiteLLM's StandardLoggingPayload (https://docs.litellm.ai/docs/proxy/logging_spec), one or, as its batching callbacks
 * send them, many in an array. A payload is one event, and one more for each guardrail that stepped in.
 */
export const litellm = defineFormat({
  name: 'litellm',
  encodings: ['json'],
  leaves,
  detect: (candidate) => (Array.isArray(candidate) ? candidate.some(isPayload) : isPayload(candidate)),
  schema: message,
  isSurely,

  map(read) {
    const payloads = [read].flat();
    return payloads.length === 0 ? { skip: 'message: empty batch' } : payloads.flatMap(partsOf);
  },
});

function partsOf(payload: Payload): readonly Part[] {
  const read = reading(payload);
  const runs = runsOf(read);
  const shared = sharedOf(read);
  const call: Mapped = {
    ...shared,
    ...timesOf(read),
    ...tokensOf(read),
    ...errorOf(read),
    action: actionOf(read),
    outcome: outcomeOf(read, runs),
    source_event_id: read.text('id'),
    cost_micro_usd: costOf(read),
    guardrails: runs.map(({ guardrail }) => guardrail),
  };
  // Each leaf goes with one event: what a guardrail that stepped in logged goes with its own.
  const fired = runs.filter((run) => run.fired).map((run) => firedPart(run, shared, payload.id, call.occurred_at));
  return [{ columns: call, ...leftOf(read, runs) }, ...fired];
}

function sharedOf(read: Reading): Shared {
  return {
    product: 'litellm',
    request_id: read.text('litellm_call_id'),
    ...clientOf(read),
    ...callOf(read),
    ...modelOf(read),
    claims: claimsOf(read),
    personal_attributes: {},
  };
}
