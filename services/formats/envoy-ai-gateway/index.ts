import { defineFormat, type Mapped, type Part } from '../../core/format.ts';
import { instantOf } from '../instant.ts';
import { type Reading, reading } from '../reading.ts';
import { promptTokens } from '../tokens.ts';
import { actionOf, isMcp, outcomeOf } from './act.ts';
import { claimsOf } from './actor.ts';
import { countOf, KEYS, numberOf, textOf, wordOf } from './keys.ts';
import { leaves } from './leaves.ts';
import { isLine, type Line, message } from './line.ts';

/**
 * Access log lines of Envoy AI Gateway in JSON (https://aigateway.envoyproxy.io, access logs with AI/LLM/MCP metadata).
 * A line is one request to a model or to an MCP server.
 *
 * `gen_ai.provider.name` is the route's backend here, not a provider: it is the target. What a line calls its cost is
 * what the operator's rule counts against a limit, in no unit that the line would name: it stays an attribute.
 */
export const envoyAiGateway = defineFormat({
  name: 'envoy-ai-gateway',
  encodings: ['json'],
  leaves,
  detect: isLine,
  schema: message,

  map(line) {
    const read = reading(line);
    const action = actionOf(read);
    if (action === undefined) return { skip: 'message: names neither a model nor an MCP method' };
    return [partOf(line, read, action)];
  },
});

function partOf(line: Line, read: Reading, action: Mapped['action']): Part {
  const outcome = outcomeOf(read);
  const occurred = instantOf(line.start_time);
  if (occurred?.exact === true) read.take('start_time');
  const columns: Mapped = {
    action,
    outcome,
    occurred_at: occurred?.micros,
    product: 'envoy-ai-gateway',
    claims: claimsOf(read),
    ...idsOf(read),
    ...callOf(read, outcome === 'success'),
    ...tokensOf(read),
    ...clientOf(read),
    status_code: read.count('response_code'),
    error_type: textOf(read, KEYS.error),
    error_message: textOf(read, [['upstream_transport_failure_reason'], ['connection_termination_details']]),
    latency_ms: read.milliseconds('duration'),
    personal_attributes: {},
  };
  return { columns, from: read.rest() };
}

/** One request of an MCP client may become one to each server: they share the request's id. */
function idsOf(read: Reading): Partial<Mapped> {
  const request = textOf(read, [['x-request-id']]);
  const server = wordOf(read, KEYS.server);
  const [, trace, span] = TRACEPARENT.exec(read.word('traceparent') ?? '') ?? [];
  return {
    request_id: request,
    // A blank between: a credential at the end of one must not be masked together with the beginning of the other.
    source_event_id: request === undefined || server === undefined ? request : `${request} ${server}`,
    session_id: textOf(read, KEYS.session) ?? textOf(read, KEYS.mcpSession),
    agent_id: textOf(read, KEYS.agent),
    trace_id: trace,
    parent_span_id: span,
  };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const TRACEPARENT = /^00-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-[0-9a-f]{2}$/;

function callOf(read: Reading, answered: boolean): Partial<Mapped> {
  if (!isMcp(read)) {
    return {
      model_requested: textOf(read, KEYS.model),
      // The name that the backend was sent, where no other answered.
      model_served: answered ? (textOf(read, KEYS.answered) ?? textOf(read, KEYS.override)) : undefined,
      target: textOf(read, KEYS.backend),
    };
  }
  const [server, tool] = [textOf(read, KEYS.server), textOf(read, KEYS.tool)];
  const target = [server, tool].filter((part) => part !== undefined).join('/');
  return { mcp_method: textOf(read, KEYS.method), mcp_server: server, tool_name: tool, target: target || undefined };
}

function tokensOf(read: Reading): Partial<Mapped> {
  const [cached, written] = [countOf(read, KEYS.cacheRead), countOf(read, KEYS.cacheWrite)];
  const counted = numberOf(read, KEYS.input);
  const prompt = promptTokens(counted, cached, written);
  return {
    tokens_prompt: prompt === counted ? countOf(read, KEYS.input) : prompt,
    tokens_completion: countOf(read, KEYS.output),
    tokens_cache_read: cached,
    tokens_cache_write: written,
  };
}

/**
 * Of several addresses the first ones are what the caller wrote: then it is the peer's that counts. Both stay attributes:
 * one may stand in for the other.
 */
function clientOf(read: Reading): Partial<Mapped> {
  const forwarded = wordOf(read, [['x-forwarded-for']]);
  const peer = wordOf(read, [['downstream_remote_address']])?.replace(/:\d+$/, '');
  const user_agent = textOf(read, [['user-agent'], ['user_agent']]);
  return {
    user_agent,
    surface: user_agent?.startsWith('claude-cli/') === true ? 'cli' : 'api',
    client_address: forwarded === undefined || forwarded.includes(',') ? peer : forwarded,
  };
}
