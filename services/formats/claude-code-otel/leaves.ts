import type { Leaves } from '../../core/leaves.ts';

const named = (place: string, names: readonly string[]): string[] => names.map((name) => `${place}.[${name}]`);

/** Names, kinds, counts and ids that the documentation lists and that hold no words of a person. */
const SAFE = [
  // On every event.
  ...['event.name', 'event.timestamp', 'event.sequence', 'session.id', 'prompt.id', 'workflow.run_id', 'workflow.name'],
  ...['app.version', 'app.entrypoint', 'terminal.type', 'organization.id', 'identity.source', 'service.name'],
  ...['service.version', 'team.id', 'department', 'cost_center', 'vcs.provider.name', 'message.uuid', 'message.id'],
  // user_prompt, assistant_response, bodies
  ...['prompt_length', 'command_name', 'command_source', 'response_length', 'body_length', 'body_truncated'],
  ...['request_body_id', 'request_id', 'client_request_id', 'model', 'query_source', 'speed', 'effort', 'attempt'],
  // api_request, api_error, api_refusal, api_retries_exhausted
  ...['cost_usd', 'cost_usd_micros', 'duration_ms', 'input_tokens', 'output_tokens', 'cache_read_tokens'],
  ...['cache_creation_tokens', 'agent.name', 'skill.name', 'plugin.name', 'marketplace.name', 'mcp_server.name'],
  ...['mcp_tool.name', 'status_code', 'server_fallback_hop', 'has_category', 'has_explanation', 'category'],
  ...['total_attempts', 'total_retry_duration_ms'],
  // tool_result, tool_decision
  ...['tool_name', 'tool_use_id', 'success', 'error_type', 'decision_type', 'decision_source', 'tool_input_size_bytes'],
  ...['tool_result_size_bytes', 'mcp_server_scope', 'decision', 'source', 'tool_source'],
  ...['vcs.ref.head.revision', 'vcs.ref.head.type'],
  // permission_mode_changed, auth, mcp_server_connection, internal_error
  ...['from_mode', 'to_mode', 'trigger', 'action', 'auth_method', 'error_category', 'status', 'transport_type'],
  ...['server_scope', 'server_name', 'error_code', 'error_name', 'is_plugin', 'plugin_id_hash'],
  // plugins, skills, mentions
  ...['marketplace.is_official', 'install.trigger', 'plugin.version', 'plugin.scope', 'enabled_via', 'has_hooks'],
  ...['has_mcp', 'host_owned_mcp', 'skill_path_count', 'command_path_count', 'agent_path_count', 'safe_mode'],
  ...['invocation_trigger', 'skill.source', 'skill.kind', 'mention_type'],
  // hooks
  ...[
    'hook_event',
    'hook_type',
    'hook_source',
    'hook_name',
    'num_hooks',
    'managed_only',
    'num_success',
    'num_blocking',
  ],
  ...['num_non_blocking_error', 'num_cancelled', 'total_duration_ms', 'plugin_id', 'stdout_chars'],
  ...['additional_context_chars', 'system_message_chars', 'initial_user_message_chars', 'num_outputs_persisted'],
  // compaction, subagent_completed, feedback_survey
  ...['pre_tokens', 'post_tokens', 'precompute_reuse', 'agent_type', 'agent.source', 'is_built_in', 'is_async'],
  ...['total_tokens', 'total_tool_uses', 'final_model', 'model_swapped', 'event_type', 'appearance_id', 'survey_type'],
  ...['enabled_via_override'],
  // retention_sweep
  ...['result', 'period_days', 'used_default', 'skip_reason', 'transcripts_deleted', 'transcripts_exempted_desktop'],
  ...['session_files_deleted', 'artifacts_deleted', 'files_retained_fresh', 'files_past_cutoff', 'error_count'],
  // managed_settings_resolved
  ...['error.type', 'managed_settings.trigger', 'managed_settings.sources', 'managed_settings.source_behavior'],
  ...['managed_settings.helper.state', 'managed_settings.helper.applied', 'managed_settings.helper.entry'],
  ...['managed_settings.resolved_sha256', 'managed_settings.settings_truncated'],
];

const SAFE_RESOURCE = [
  ...['service.name', 'service.version', 'service.namespace', 'service.instance.id', 'os.type', 'os.version'],
  ...['host.arch', 'wsl.version', 'telemetry.sdk.name', 'telemetry.sdk.language', 'telemetry.sdk.version'],
  ...['deployment.environment', 'deployment.environment.name', 'department', 'team.id', 'cost_center'],
  ...['organization.id', 'identity.source', 'vcs.provider.name', 'app.version', 'app.entrypoint', 'terminal.type'],
];

/** Ids of people and installations, and where they work. */
const PERSONAL = [
  ...['user.id', 'user.email', 'user.groups', 'user.account_uuid', 'user.account_id', 'enduser.id'],
  ...[
    'enduser.directory_id',
    'workspace.host_paths',
    'body_ref',
    'managed_settings.helper.path',
    'host.name',
    'host.id',
  ],
  ...['vcs.repository.url.full', 'vcs.owner.name', 'vcs.repository.name', 'vcs.ref.head.name'],
];

/**
 * What a column holds exactly never gets here (see taking.ts); whether it does depends on the record, so `columns` names
 * nothing. What no list names (prompt, response, body, tool_input, tool_parameters, hook definitions, settings, metrics of
 * plugins, and whatever comes next) is content.
 */
export const leaves: Leaves = {
  columns: [],
  safe: [
    ...[
      'time_unix_nano',
      'observed_time_unix_nano',
      'severity_number',
      'severity_text',
      'flags',
      'event_name',
      'body_name',
    ],
    ...['dropped_attributes_count', 'resource.dropped_attributes_count', 'resource.schema_url', 'resource.entity_refs'],
    ...['scope.name', 'scope.version', 'scope.schema_url', 'scope.dropped_attributes_count'],
    ...named('attributes', SAFE),
    ...named('resource.attributes', SAFE_RESOURCE),
  ],
  personal: [...named('attributes', PERSONAL), ...named('resource.attributes', PERSONAL)],
};
