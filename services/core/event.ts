import type { AuditEvent } from './records.generated.ts';

export type { AuditEvent } from './records.generated.ts';

/**
 * What can be done with an AI tool. Closed for readers, open for additions: a new action is a line here and in no
 * other place.
 */
export const ACTIONS = {
  'llm.request': 'A model was called.',
  'llm.prompt': 'A person sent a prompt.',
  'llm.response': 'A model answered.',
  'llm.refusal': 'A model declined to answer.',
  'mcp.tool.call': 'A tool of an MCP server was called.',
  'mcp.server.connect': 'An MCP server was connected or failed to.',
  'mcp.server.disconnect': 'An MCP server was disconnected.',
  'mcp.request': 'Another MCP method was called: a resource read, a prompt fetched, a listing.',
  'tool.call': 'A built-in tool was called.',
  'shell.exec': 'A shell command was run.',
  'file.read': 'A file was read.',
  'file.write': 'A file was written or changed.',
  'file.upload': 'A file was uploaded.',
  'network.request': 'A tool reached out to an address.',
  'permission.decision': 'A tool call was allowed or denied.',
  'approval.decision': 'A person approved or declined a request.',
  'guardrail.fired': 'A guardrail stepped in.',
  'budget.exceeded': 'A spending limit stopped a request.',
  'ratelimit.exceeded': 'A rate limit stopped a request.',
  'session.start': 'A session or conversation began.',
  'session.end': 'A session or conversation ended.',
  'session.event': 'Something else happened within a session.',
  'conversation.metadata': 'Metadata of a conversation were reported.',
  'config.changed': 'A setting was changed.',
  'auth.login': 'Somebody signed in.',
  'auth.logout': 'Somebody signed out.',
  'user.provisioned': 'A person got access.',
  'user.deprovisioned': 'A person lost access.',
  'role.changed': 'Rights of a person or group were changed.',
  'key.issued': 'A key was issued.',
  'key.rotated': 'A key was replaced.',
  'key.revoked': 'A key was revoked.',
  'review.recorded': 'A human review was recorded.',
  'data.read': 'Stored data was viewed, listed or exported.',
  'data.write': 'Stored data was created, changed or shared.',
  'data.deleted': 'Stored data was deleted.',
  'audit.query': 'The audit trail itself was queried.',
  'audit.export': 'Evidence was exported from the audit trail.',
  'audit.retry': 'A quarantined message was sent again.',
  'audit.act': 'Another administrative act on the audit trail.',
  'attribution.corrected': 'It was found out who had acted.',
  'content.revealed': 'Somebody was shown what an event holds.',
  'hold.placed': 'A legal hold was placed.',
  'hold.lifted': 'A legal hold was lifted.',
  'retention.deleted': 'What had run its time was deleted; the certificate tells what.',
  'erasure.ordered': 'The erasure of a person was ordered.',
  'erasure.carried_out': 'What is kept of a person was erased; the certificate tells what.',
  'ledger.checkpoint': 'The ledger of an audit partition was signed at a size.',
  'finding.raised': 'A rule found something that somebody should look at.',
  'activity.other': 'An activity that the taxonomy has no word for; attributes hold its type.',
} as const;

export type Action = keyof typeof ACTIONS;
export type Outcome = 'success' | 'failure' | 'denied' | 'unknown';
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';
export type ActorKind = 'user' | 'service' | 'agent' | 'device' | 'system' | 'unknown';

/** What an attribution rests on. The first three name a person only where the topic's ceiling allows `verified`. */
export type Basis =
  | 'idp'
  | 'gateway_key'
  | 'mtls'
  | 'email_claim'
  | 'account_id'
  | 'session_binding'
  | 'device'
  | 'none';
export type Confidence = 'verified' | 'claimed' | 'inferred' | 'none';

/** What a message says about who acted. `basis` is the strongest ground the source itself has for saying so. */
export interface Claims {
  readonly kind?: ActorKind | undefined;
  readonly basis: Basis;
  /** The id at its issuer: account uuid, user id, key alias. */
  readonly id?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly team?: string | undefined;
  readonly project?: string | undefined;
  readonly organisation?: string | undefined;
}

/** Columns a format fills. All but action and outcome may be left out. Times are microseconds since 1970. */
type SourceColumns = Pick<
  AuditEvent,
  | 'source_event_id'
  | 'occurred_at'
  | 'surface'
  | 'product'
  | 'product_version'
  | 'severity'
  | 'agent_name'
  | 'agent_id'
  | 'session_id'
  | 'prompt_id'
  | 'request_id'
  | 'tool_use_id'
  | 'trace_id'
  | 'span_id'
  | 'parent_span_id'
  | 'model_requested'
  | 'model_served'
  | 'provider'
  | 'region'
  | 'tokens_prompt'
  | 'tokens_completion'
  | 'tokens_cache_read'
  | 'tokens_cache_write'
  | 'cost_micro_usd'
  | 'latency_ms'
  | 'time_to_first_token_ms'
  | 'tool_name'
  | 'mcp_server'
  | 'mcp_virtual_server'
  | 'mcp_method'
  | 'policy'
  | 'guardrails'
  | 'decision'
  | 'decision_source'
  | 'status_code'
  | 'error_type'
  | 'client_address'
  | 'user_agent'
  | 'host'
  | 'device'
  | 'target'
  | 'file_paths'
  | 'command'
  | 'error_message'
>;

/** What a format read out of a message: one event before it has an id, an actor, a class and a leaf. */
export type Draft = { readonly [K in keyof SourceColumns]?: SourceColumns[K] | undefined } & {
  readonly action: Action;
  readonly outcome: Outcome;
  readonly severity?: Severity | undefined;
  readonly claims: Claims;
  readonly attributes: Readonly<Record<string, string>>;
  readonly personal_attributes: Readonly<Record<string, string>>;
  /** JSON value of the leaves that are content. */
  readonly content?: unknown;
};
