import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '../../../services/core/event.ts';
import { event } from '../../support/event.ts';

/** An event with something in every column. */
export const FULL: AuditEvent = event({
  event_id: '00a1b200-0000-8000-8000-00000000002a',
  origin_offset: 42,
  source_event_id: 'chatcmpl-42',
  retry_of: '00a1b200-0000-8000-8000-000000000001',
  received_at: Date.UTC(2026, 5, 15, 12, 0, 1) * 1000 + 7,
  ingested_at: Date.UTC(2026, 5, 15, 12, 0, 2) * 1000 + 9,
  product_version: '2.0.1',
  action: 'mcp.tool.call',
  outcome: 'denied',
  severity: 'medium',
  actor_team: 'payments',
  actor_project: 'checkout',
  actor_organisation: 'Ärzte & Söhne',
  agent_name: 'reviewer',
  agent_id: 'agent-7',
  session_id: 'session-1',
  prompt_id: 'prompt-1',
  request_id: 'req_011',
  tool_use_id: 'toolu_01',
  trace_id: '4f1d0c7b2a9e8d6f5c4b3a2918070605',
  span_id: '1a2b3c4d5e6f7081',
  parent_span_id: '8091a2b3c4d5e6f7',
  model_requested: 'claude-sonnet-4-5',
  model_served: 'claude-sonnet-4-5-20250929',
  provider: 'anthropic',
  region: 'eu-central-1',
  tokens_prompt: 1_234,
  tokens_completion: 0,
  tokens_cache_read: 100,
  tokens_cache_write: 20,
  cost_micro_usd: 5_000_000_000,
  latency_ms: 250.5,
  time_to_first_token_ms: 125,
  tool_name: 'create_issue',
  mcp_server: 'github',
  mcp_virtual_server: 'dev-tools',
  mcp_method: 'tools/call',
  policy: 'no-writes',
  guardrails: [
    {
      name: 'pii',
      provider: 'presidio',
      phase: 'pre_call',
      mode: 'mutate',
      verdict: 'mask',
      categories: ['EMAIL', 'NAME'],
      masked_count: 2,
    },
    { name: 'secrets', provider: '', phase: '', mode: '', verdict: 'pass', categories: [], masked_count: null },
  ],
  decision: 'reject',
  decision_source: 'config',
  status_code: -32_001,
  error_type: 'tool_error',
  content_commitment: Buffer.alloc(32, 0xab),
  content_bytes: 4_096,
  data_classes: ['pii', 'source_code'],
  secrets_masked: 1,
  retention_reason: 'hipaa: 2190 days',
  attributes: { stream: 'true', 'metadata.key_alias': 'ci', note: '' },
  actor_id: 'tok_9f86d081884c7d65',
  actor_email: 'tok_60303ae22b998861',
  actor_name: 'tok_fd61a03af4f77d87',
  actor_groups: ['tok_a4e624d686e03ed2'],
  client_address: 'tok_2c26b46b68ffc68f',
  user_agent: 'claude-cli/2.0.1 (external, cli)',
  host: 'tok_fcde2b2edba56bf4',
  device: 'tok_baa5a0964d3320fb',
  target: 'github/create_issue',
  file_paths: ['src/größe.ts', 'README.md'],
  command: 'gh issue create --title "…"',
  error_message: 'blocked by policy 🛑',
  personal_attributes: { 'user.nick': 'tok_b5bb9d8014a0f9b1' },
  personal_salt: Buffer.from('do not send this'),
});

const SECOND = 1_000_000;

/** What one prompt led to, as Claude Code and a gateway report it. */
export const STORY: readonly AuditEvent[] = [
  { action: 'llm.prompt', format: 'claude-code-otel' },
  { action: 'llm.request', format: 'claude-code-otel', model_requested: 'claude-opus-4', latency_ms: 2_000 },
  { action: 'permission.decision', format: 'claude-code-otel', outcome: 'denied', tool_name: 'Bash' },
  {
    action: 'shell.exec',
    format: 'claude-code-otel',
    tool_name: 'Bash',
    latency_ms: 30,
    outcome: 'failure',
    error_type: 'exit_1',
  },
  {
    action: 'mcp.tool.call',
    format: 'envelope',
    mcp_method: 'tools/call',
    tool_name: 'create_issue',
    latency_ms: 12.5,
  },
  { action: 'mcp.request', format: 'envelope', mcp_method: 'resources/list' },
  { action: 'llm.response', format: 'claude-code-otel', model_served: 'claude-opus-4' },
].map((columns, index) =>
  event({
    ...columns,
    event_id: `00a1b200-0000-8000-8000-00000000010${index}`,
    occurred_at: Date.UTC(2026, 5, 15, 12) * 1000 + index * SECOND,
    session_id: 'session-1',
    prompt_id: 'prompt-1',
  }),
);

/** So many events that nothing else sent. */
export const some = (count: number): AuditEvent[] =>
  Array.from({ length: count }, (_, index) => event({ event_id: randomUUID(), origin_offset: index }));
