import type { Leaves } from '../../core/leaves.ts';

const names = (rows: readonly string[]): string[] => rows.flatMap((row) => row.split(' '));

/** Ids of things; they name no person. */
const IDS = names([
  'organization_id organization_uuid workspace_id claude_chat_id claude_project_id claude_file_id',
  'claude_artifact_id claude_artifact_version_id claude_published_artifact_id claude_chat_snapshot_id',
  'claude_project_document_id claude_chat_sync_source_id claude_project_sync_source_id conversation_id',
  'claude_project_ids cowork_session_id design_project_id source_project_id file_id share_id abuse_session_id',
  'api_key_id admin_api_key_id service_key_id signing_key_id new_signing_key_id old_signing_key_id',
  'external_key_id credential_id previous_credential_id token_id tunnel_id cascade_trigger_credential_id',
  'tunnel_token_id certificate_id trusted_device_id oauth_app_id agent_id agent_ids cascaded_agent_ids',
  'cascaded_from_agent_id thread_id resource_id entity_id deployment_id memory_id memory_store_id',
  'memory_version_id skill_id command_id plugin_id marketplace_id extension_id mcp_server_id',
  'mcp_directory_server_id integration_id connection_id ghe_configuration_id lti_platform_id group_id role_id',
  'invite_id link_id profile_id rule_id destination_id scope_id config_id environment_id previous_environment_id',
  'scan_id guide_id scan_project_id runner_id runner_pool_id excluded_runner_id webhook_id github_webhook_id',
  'service_account_id federation_issuer_id federation_rule_id spend_limit_id submission_id consent_id',
  'spend_limit_increase_request_id verification_id correlation_id reference_id jti delegating_jti assertion_jti',
  'resync_uuid folder_id github_app_id invited_rbac_group_ids key_group_identifier',
]);

/** Words of closed or short lists: what kind, which mode, how it ended. */
const KINDS = names([
  'type created_at action decision outcome result validation_result error_type error_subtype access_level',
  'previous_access_level access_via algorithm artifact_type auth_method mfa_method method billing_interval',
  'cadence connection_type consent_type entity_type creation_method credential_type key_backing_type',
  'enforcement_mode fail_mode enrollment_method platform surface export_destination export_type grant_type',
  'scope_kind installation_preference integration_type limit_action limit_type limiter_type managed_auth_mode',
  'max_permission previous_max_permission model previous_model default_model model_group new_collection_method',
  'new_link_permission previous_link_permission new_mode previous_mode new_write_mode previous_write_mode',
  'new_scope previous_scope new_plan old_plan plan_type new_otlp_protocol previous_otlp_protocol',
  'otlp_headers_change new_otlp_content_capture previous_otlp_content_capture opt_decision program_slug',
  'previous_billing_type principal_type target_type resource_type project_type provider role current_role',
  'previous_role invited_role alerted_roles current_seat_tier previous_seat_tier invited_seat_tier request_method',
  'request_type scopes granted_scopes sync_destinations taint trigger_mode verification_type guest_policy',
  'updated_fields version audience hour from_date to_date expires_at baa_version_label baa_content_hash',
  'setup_guide_content_hash new_checksum previous_checksum certificate_fingerprint token_fingerprint_sha256',
  'item_allocations',
]);

/** Numbers and switches. `previous_value` is missing: of some types it is a text that people wrote. */
const FIGURES = names([
  'status_code approved completed failed enabled previous_enabled is_enabled is_active ignore previous_is_active',
  'is_public is_redeploy is_service_created enforced rotated shadow_mode preview_only config_changed',
  'current_value can_write deleted_all deleted_with_profile port previous_port added_seats new_quantity',
  'previous_quantity seat_count amount target_amount value threshold_amount limit_usd new_limit_usd',
  'per_review_limit_usd previous_per_review_limit_usd audited_count requested_count resolved_count revoked_count',
  'devices_revoked_count channel_count sessions_revoked_count previous_channel_count keys_deleted_count',
  'keys_written_count scans_cancelled deleted_credential_count deleted_destination_count deleted_rule_count',
  'deleted_credentials_unknown deleted_destinations_unknown deleted_rules_unknown destinations_repointed',
  'rules_repointed cc_email_count to_email_count primary_email_set new_user_count previous_user_count',
  'new_write_user_count previous_write_user_count omitted_source_url_count default_source_urls_truncated',
  'cascaded_agent_ids_truncated host_constraint_truncated final_verdict_timeout_ms prompt_verdict_timeout_ms',
  'deny_message_enabled reset_circuit_breaker rollout_percentage override_user_selection show_tips',
  'previous_show_tips magic_link_enabled magic_link_toggled idp_saml_config_updated billing_name_updated',
  'billing_address_updated shipping_address_updated shipping_name_updated restricted_to_organization',
  'compliance_api_enabled compliance_api_logging_enabled read_replica_hostnames_updated',
  'custom_ca_certificate_updated github_app_client_secret_updated github_app_private_key_updated',
  'webhook_secret_updated github_app_client_id previous_github_app_client_id previous_github_app_id',
]);

/** Leaves of nested objects. */
const NESTED = names([
  'actor.type actor.api_key_id actor.admin_api_key_id actor.service_account_id actor.audience actor.service',
  'actor.directory_id actor.workos_event_id actor.idp_connection_type actor.kid_hash actor.provider.type',
  'event_data.workspace_id event_data.kid_hash event_data.federation_rule_id event_data.issuer_id',
  'event_data.requested_service_account_id resources.*.type resources.*.id status.outcome updates.*.type',
  'policies.*.visibility_type previous_policies.*.visibility_type model_access.*.api_name model_access.*.enabled',
  'model_access.*.max_effort_level feed_page.has_more feed_page.first_id feed_page.last_id',
]);

/** Who, and where: people, addresses, hosts, repositories, file names. */
const PERSONAL = names([
  'user_id user_email account_id member_ids principal_id target_id deleted_user_id url deleted_user_email',
  'requester_user_id submitted_by_user_id new_owner_id previous_owner_id invited_email invitee_email alert_emails',
  'github_username filename domain hostname host_constraint webhook_url new_otlp_endpoint previous_otlp_endpoint',
  'lti_platform_issuer authorization_server_issuer slack_team_id slack_channel_id slack_alias repo repo_owner',
  'repo_name organization_name repository_name default_source_urls actor.email_address',
  'actor.unauthenticated_email_address actor.user_id actor.subject actor.issuer actor.external_client_id',
  'actor.provider.** event_data.external_client_id',
]);

/**
 * What no list names (titles, display names, descriptions, reasons, request bodies, old and new values of settings, and
 * whatever comes next) is content.
 */
export const leaves: Leaves = {
  columns: names(['id session_id request_id mcp_server_name tool_name actor.ip_address actor.user_agent']),
  safe: [...IDS, ...KINDS, ...FIGURES, ...NESTED],
  personal: PERSONAL,
};
