import type { Leaves } from '../../core/leaves.ts';

const below = (place: string, names: readonly string[]): string[] => names.map((name) => `${place}.${name}`);

const HTTP = [
  'workspace',
  'workspace_name',
  'source',
  'started_at',
  'upstream_status',
  'latencies.**',
  'request.id',
  'request.method',
  'request.size',
  'request.tls.**',
  'response.status',
  'response.size',
  'route.id',
  'route.name',
  'service.id',
  'service.name',
  'trace_id.**',
];

const META = ['plugin_id', 'provider_name', 'request_mode', 'request_model', 'response_model', 'llm_latency'];

/** What every guardrail plugin logs in its own words, input and output alike. What was found, and in what, is content. */
const GUARDRAIL = [
  'mode',
  'guards_triggered_count',
  'guardrails_id',
  'guardrails_version',
  'aws_region',
  'template_id',
  'azure_api_version',
  'lakera_service_url',
  'lakera_project_id',
  ...['input', 'output'].flatMap((phase) => [
    `${phase}_processing_latency`,
    `${phase}_request_uuid`,
    `${phase}_block_source`,
    `${phase}_masked`,
  ]),
];

const SANITIZER = [
  'pii_identified',
  'pii_sanitized',
  'duration',
  'guards_triggered_count',
  'input_block_source',
  'output_block_source',
];

const COMPRESSOR = [
  'original_token_count',
  'compress_token_count',
  'save_token_count',
  'compress_value',
  'compress_type',
  'compressor_model',
  'msg_id',
];

const BLOCKED_FOR = ['input_block_consumer_id', 'output_block_consumer_id'];

/**
 * Payloads, headers, queries and the settings of routes, services and consumers are content, as is whatever is not named.
 * A plugin logs under a name of its own, so `*` stands for it.
 */
export const leaves: Leaves = {
  columns: [],
  safe: [
    ...HTTP,
    ...below('ai.*.meta', META),
    'ai.*.usage.**',
    'ai.*.cache.*',
    'ai.*.rag-inject.*',
    ...below('ai.*.ai-llm-as-judge.meta', META),
    'ai.*.ai-llm-as-judge.usage.**',
    ...below('ai.*.*', GUARDRAIL),
    ...below('ai.sanitizer', SANITIZER),
    ...below('ai.compressor', COMPRESSOR),
    'ai.audit.azure_content_safety.*',
    'ai.mcp.mcp_session_id',
    ...below('ai.mcp.rpc.*', ['id', 'method', 'latency', 'tool_name', 'response_body_size']),
    ...below('ai.mcp.audit.*', ['primitive', 'primitive_name', 'action', 'scope', 'consumer.identifier']),
  ],
  personal: [
    'client_ip',
    'upstream_uri',
    'request.uri',
    'request.url',
    ...below('consumer', ['id', 'username', 'username_lower', 'custom_id']),
    'authenticated_entity.*',
    ...below('ai.*.*', BLOCKED_FOR),
    ...below('ai.sanitizer', BLOCKED_FOR),
    ...below('ai.*.*', ['azure_tenant_id', 'azure_client_id', 'azure_content_safety_url']),
    ...below('ai.mcp.audit.*.consumer', ['id', 'name']),
  ],
};
