import type { Action } from '../../core/event.ts';

/** Verbs with which the catalogue says that something was set up, altered or taken away. */
const CHANGED = [
  'created|updated|deleted|archived|replaced|added|removed|removed_from_allowlist|allowlisted|blocklisted|unblocked',
  'enabled|disabled|toggled|changed|configured|activated|deactivated|validated|verified|connected|disconnected|bound',
  'unbound|published|provisioned|generated|regenerated|revoked|submitted|granted|claimed|uploaded|import|set|cleared',
  'initiated|started|completed|failed|paused|unpaused',
].join('|');

/** What somebody set up or altered in one of these families of types. */
const changed = (families: string): RegExp => new RegExp(`^(${families})_(.+_)?(${CHANGED})$`);

/**
 * What an activity type of the catalogue amounts to; the first rule that fits decides. Rules name both the object and
 * the verb, so a new type of a known family finds its action and one of a new family stays `activity.other`.
 */
const RULES: readonly (readonly [Action, RegExp])[] = [
  ['auth.login', /_login_(initiated|attempted|succeeded|failed)$|^lti_launch_|_second_factor_magic_link$/],
  ['auth.login', /^step_up_authentication_|_(federated|app_attest)_authentication$|^abuse_decision_received$/],
  ['auth.logout', /^user_logged_out$|^session_revoked$/],

  ['user.provisioned', /^scim_user_created$|^org_user_invite_(sent|re_sent|accepted)$/],
  ['user.provisioned', /^org_join_request_(instant_)?approved$/],
  ['user.deprovisioned', /^scim_user_deleted$|^org_user_(deleted|left|invite_deleted)$|^account_deleted$/],

  ['approval.decision', /_(resolved|decided|dismissed)$|_increase_request_|^user_consent_|_invite_rejected$/],
  ['approval.decision', /_provisioning_(credential_rejected|link_enabled)$/],
  ['review.recorded', /_vulnerability_updated$/],
  ['activity.other', /_(request|proposal)_created$|_security_scan_(created|cancelled|run_updated)$/],

  ['role.changed', /^rbac_role_|^role_assignment_|_role_updated$|^primary_owner_transferred$|_seat_tier_updated$/],
  ['role.changed', /_member_(added|removed|updated|addition_failed|removal_failed)$|_capability_grant_/],
  ['role.changed', /_rule_workspace_(added|removed)$|^ccr_role_|_access_scope_|_acl_updated$/],
  ['role.changed', /^group_project_shares_revoked$|^owned_projects_access_restored$/],

  ['key.rotated', /_rotated$|_webhook_secret_updated$|_signing_secret_generated$/],
  ['key.issued', /(^|_)(api_key|service_key|signing_key|proxy_credential)_created$/],
  ['key.issued', /_(secret|token)_minted$|_certificate_added$|^(trusted_device|step_up_credential)_enrolled$/],
  ['key.issued', /^mcp_server_managed_auth_token_exchanged$/],
  ['key.revoked', /(^|_)(api_key|service_key|signing_key|credential|token|certificate)_(deleted|revoked)$/],
  ['key.revoked', /trusted_devices?_revoked$|^platform_oauth_app_revoked$/],

  ['guardrail.fired', /^inference_hooks_request_/],
  ['mcp.server.connect', /^integration_user_connected$/],
  ['mcp.server.disconnect', /^integration_user_disconnected$/],

  ['session.start', /^claude_chat_created$|_session_created$|_run_triggered$/],
  ['conversation.metadata', /^claude_chat_(settings_)?updated$/],

  ['file.upload', /_(file|document)_uploaded$/],
  ['data.read', /_(viewed|accessed|exported|downloaded|listed|revealed|access_failed)$|_search_performed$/],
  ['data.read', /_export_(started|completed)$/],
  ['data.deleted', /_deletion_(failed|audit_truncated|requested)$|_redacted$|^org_(bulk_delete|deleted|sync)_/],
  ['data.deleted', /_(chat|snapshot|artifact|file|document|project|memory|memory_store|agent_session)_deleted$/],

  ['session.event', /^(cowork|platform_agent)_session_|_session_queue_updated$/],
  ['config.changed', /_sync_source_(created|updated|deleted)$/],
  ['data.write', /^claude_(project|artifact|chat_snapshot)_(.+_)?(created|updated|archived|published)$/],
  ['data.write', /^design_project_(.+_)?(created|updated|published|unpublished|restored)$/],
  ['data.write', /^platform_memory_(.+_)?(created|updated|archived)$/],
  ['data.write', /^(pending|session)_share_(created|revoked)$|_(memory|onboarding_guide)_updated$/],

  ['config.changed', changed('org|organization|platform|group|service|workspace|scim_user|managed_organization')],
  ['config.changed', changed('ccr|cli|desktop|mcp|plugin|marketplace|tunnel|inference_hooks|lti_platform|ghe|github')],
  ['config.changed', changed('claude_(code|command|plugin|pubsec|skill|user|organization|github|gdrive)')],
  ['config.changed', changed('admin_api_key|scoped_api_key|slack_workspace|domain')],
  ['config.changed', changed('billing|extra_usage|prepaid|invoice|payment')],
];

export function actionOf(type: string): Action {
  return RULES.find(([, types]) => types.test(type))?.[0] ?? 'activity.other';
}
