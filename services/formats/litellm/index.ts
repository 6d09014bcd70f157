import { defineFormat, type Mapped, type Part } from '../../core/format.ts';
import { type Reading, reading } from '../reading.ts';
import { claimsOf } from './actor.ts';
import { callOf } from './call.ts';
import { clientOf } from './client.ts';
import { actionOf, errorOf, outcomeOf } from './end.ts';
import { firedPart, leftOf, type Run, runsOf, type Shared } from './guardrails.ts';
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
    if (!Array.isArray(read)) return partsOf(read);
    return read.length === 0 ? { skip: 'message: empty batch' } : read.flatMap(partsOf);
  },
});

function partsOf(payload: Payload): readonly Part[] {
  const read = reading(payload);
  const runs = runsOf(read);
  const shared = sharedOf(read);
  const call = columnsOf(read, runs, shared);
  const { from, taken } = leftOf(read, runs);
  const part: Part = { columns: call, from, taken };
  // Each leaf goes with one event: what a guardrail that stepped in logged goes with its own.
  const fired = runs.filter((run) => run.fired);
  if (fired.length === 0) return [part];
  return [part, ...fired.map((run) => firedPart(run, shared, payload.id, call.occurred_at))];
}

/** Performance: named one by one; of several objects that are spread into one, all but the first are added member by member. */
function columnsOf(read: Reading, runs: readonly Run[], shared: Shared): Mapped {
  const [times, tokens, error] = [timesOf(read), tokensOf(read), errorOf(read)];
  return {
    ...shared,
    occurred_at: times.occurred_at,
    latency_ms: times.latency_ms,
    time_to_first_token_ms: times.time_to_first_token_ms,
    tokens_prompt: tokens.tokens_prompt,
    tokens_completion: tokens.tokens_completion,
    tokens_cache_read: tokens.tokens_cache_read,
    tokens_cache_write: tokens.tokens_cache_write,
    status_code: error.status_code,
    error_type: error.error_type,
    error_message: error.error_message,
    action: actionOf(read),
    outcome: outcomeOf(read, runs),
    source_event_id: read.text('id'),
    cost_micro_usd: costOf(read),
    guardrails: runs.map(({ guardrail }) => guardrail),
  };
}

function sharedOf(read: Reading): Shared {
  const request_id = read.text('litellm_call_id');
  const [client, call, model] = [clientOf(read), callOf(read), modelOf(read)];
  return {
    product: 'litellm',
    request_id,
    client_address: client.client_address,
    user_agent: client.user_agent,
    surface: client.surface,
    session_id: call.session_id,
    trace_id: call.trace_id,
    tool_name: call.tool_name,
    mcp_server: call.mcp_server,
    mcp_method: call.mcp_method,
    target: call.target,
    model_requested: model.model_requested,
    model_served: model.model_served,
    provider: model.provider,
    region: model.region,
    claims: claimsOf(read),
    personal_attributes: {},
  };
}
