import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import { instantOf } from '../instant.ts';
import { type Whole, whole, without } from '../whole.ts';
import { claimsOf } from './actor.ts';
import { callOf, outcomeOf } from './call.ts';
import { guardrailsOf } from './hooks.ts';
import { leaves } from './leaves.ts';
import { type AuditLogEvent, event } from './schema.ts';

/**
 * Audit events of the Obot MCP gateway as its API and its exports write them (https://docs.obot.ai, audit log export):
 * calls through the gateway, which its server observed, and tool calls that local agents report to it.
 */
export const obot = defineFormat({
  name: 'obot',
  encodings: ['json'],
  leaves,
  detect: (message) => shape.safeParse(message).success,
  schema: whole(event),
  map: (message) => [partOf(message)],
});

const shape = z.object({
  eventType: z.string(),
  timestamp: z.object({ occurredAt: z.string() }),
  actor: z.object({}),
  outcome: z.object({}),
  trailhouse: z.undefined().optional(),
});

function partOf({ read, raw }: Whole<AuditLogEvent>): Part {
  const { details } = read;
  const occurred = instantOf(read.timestamp.occurredAt);
  const attributed = claimsOf(read);
  const call = callOf(read);
  const ended = outcomeOf(read.outcome.status);
  const model = details?.agent?.modelID ?? details?.agent?.model ?? undefined;

  return {
    columns: {
      source_event_id: String(read.id),
      occurred_at: occurred?.micros,
      product: 'obot',
      action: call.action,
      outcome: ended.outcome,
      claims: attributed.claims,
      ...call.columns,
      agent_name: details?.agent?.provider ?? undefined,
      model_requested: model,
      session_id: details?.trace?.sessionID ?? undefined,
      request_id: details?.trace?.requestID ?? undefined,
      tool_use_id: details?.trace?.toolUseID ?? undefined,
      prompt_id: details?.trace?.turnID ?? undefined,
      guardrails: guardrailsOf(read),
      status_code: read.outcome.httpStatus,
      error_type: read.outcome.reason ?? undefined,
      error_message: read.outcome.error ?? undefined,
      latency_ms: read.outcome.durationMs,
      client_address: details?.network?.clientIP ?? undefined,
      user_agent: details?.client?.userAgent ?? undefined,
      host: details?.device?.hostname ?? undefined,
      device: details?.device?.id ?? undefined,
      personal_attributes: {},
    },
    from: without(raw, [
      ...attributed.settled,
      ...call.settled,
      ...ended.settled,
      ...(occurred?.exact === true ? ['timestamp.occurredAt'] : []),
      ...(model === undefined
        ? []
        : [details?.agent?.modelID == null ? 'details.agent.model' : 'details.agent.modelID']),
    ]),
  };
}
