/** First prefix that fits decides. What an organisation's administrators do has no prefix of its own: see below. */
const SURFACES: readonly (readonly [string, RegExp])[] = [
  ['cli', /^(ccr|claude_code|cli)_/],
  ['desktop', /^(cowork|desktop)_/],
  ['web', /^(claude_(chat|project|artifact|published_artifact|file|command|plugin|skill|user_settings)|design)_/],
  ['web', /^(session_share|pending_share|integration_user|user_consent)_/],
  ['api', /^platform_(file|agent|memory|skill|federated|app_attest)_|^compliance_api_accessed$/],
  [
    'admin',
    /^(org|organization|platform|api_key|rbac|role|scim|group|admin|workspace|service|scoped_api_key|managed)_/,
  ],
  ['admin', /^(mcp|marketplace|plugin|tunnel|inference_hooks_config|lti_platform|ghe_configuration|audit_log)_/],
  ['admin', /^(billing|extra_usage|prepaid|subscription|seat_tier|seat_tiers|invoice|payment|slack_workspace|domain)_/],
  ['admin', /^claude_(organization_settings|user_role|user_seat_tier|github|gdrive|pubsec)_|^primary_owner_/],
];

/** Where the person met Claude, as far as the type tells: of a sign-in it does not. */
export function surfaceOf(type: string): string | undefined {
  return SURFACES.find(([, types]) => types.test(type))?.[0];
}

/** The product an activity belongs to; the feed itself covers all of them. */
export function productOf(type: string): string {
  if (/^(ccr|claude_code|cli)_|^org_claude_code_/.test(type)) return 'claude-code';
  if (/^(cowork|desktop)_|^org_cowork_/.test(type)) return 'claude-desktop';
  return /^platform_|^compliance_api_/.test(type) ? 'claude-platform' : 'claude.ai';
}
