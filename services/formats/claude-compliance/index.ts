import { defineFormat, type Part } from '../../core/format.ts';
import { instantOf } from '../instant.ts';
import { type Activity, isPage, message, textOf } from './activity.ts';
import { claimsOf, unproven } from './actor.ts';
import { guardrailsOf } from './inference-hooks.ts';
import { leaves } from './leaves.ts';
import { decisionOf, outcomeOf } from './outcome.ts';
import { actionOf } from './rules.ts';
import { productOf, surfaceOf } from './surface.ts';
import { targetOf } from './target.ts';

/**
 * The Activity Feed of Anthropic's Compliance API
 * (https://platform.claude.com/docs/en/api/compliance/activities/list): one entry, or a page as the API answers. The
 * cursor of a page goes with its first entry, under `feed_page`.
 */
export const claudeCompliance = defineFormat({
  name: 'claude-compliance',
  encodings: ['json'],
  leaves,
  detect: (candidate) =>
    isPage(candidate) ? candidate.data.some(isActivity) || isEmptyPage(candidate) : isActivity(candidate),
  schema: message,

  map(read) {
    if (!isPage(read)) return [part(read, {})];
    const { data, ...cursor } = read;
    if (data.length === 0) return { skip: `data: empty page, has_more ${cursor.has_more === true}` };
    return data.map((activity, index) => part(activity, index === 0 ? { feed_page: cursor } : {}));
  },
});

/** The actor sets an entry apart: in the feed it has a `type`, in gateways' rows a name, an `actorType` or none. */
function isActivity(candidate: unknown): boolean {
  if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse')) return false;
  const { type, actor } = candidate;
  if (typeof type !== 'string' || !isObject(actor) || typeof actor.type !== 'string') return false;
  return actor.type.endsWith('_actor') || 'organization_uuid' in candidate || 'organization_id' in candidate;
}

/** The answer to a poll that found nothing. */
function isEmptyPage(candidate: unknown): boolean {
  return isPage(candidate) && candidate.data.length === 0 && 'has_more' in candidate && 'last_id' in candidate;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(activity: Activity, page: object): Part {
  const action = actionOf(activity.type);
  const outcome = outcomeOf(activity);
  const filename = textOf(activity, 'filename');
  const status = activity.status_code;
  const columns = {
    action,
    outcome,
    source_event_id: activity.id ?? undefined,
    occurred_at: instantOf(activity.created_at ?? '')?.micros,
    surface: surfaceOf(activity.type),
    product: productOf(activity.type),
    session_id: sessionOf(activity),
    request_id: textOf(activity, 'request_id'),
    mcp_server: textOf(activity, 'mcp_server_name') ?? textOf(activity, 'mcp_server_id'),
    tool_name: textOf(activity, 'tool_name'),
    decision: action === 'approval.decision' || action === 'auth.login' ? decisionOf(activity) : undefined,
    guardrails: guardrailsOf(activity.type),
    status_code: typeof status === 'number' && Number.isSafeInteger(status) ? status : undefined,
    error_type: textOf(activity, 'error_type'),
    client_address: activity.actor?.ip_address ?? undefined,
    user_agent: activity.actor?.user_agent ?? undefined,
    device: activity.actor?.type === 'attested_device_actor' ? textOf(activity.actor, 'external_client_id') : undefined,
    target: targetOf(activity),
    file_paths: filename === undefined ? undefined : [filename],
    claims: action === 'auth.login' && outcome !== 'success' ? unproven(claimsOf(activity)) : claimsOf(activity),
    personal_attributes: {},
  };
  return { columns, from: { ...page, ...activity } };
}

/** A session of an agent, or the conversation in claude.ai or Cowork. */
function sessionOf(activity: Activity): string | undefined {
  const names = ['session_id', 'cowork_session_id', 'claude_chat_id', 'conversation_id'];
  return names.map((name) => textOf(activity, name)).find((id) => id !== undefined);
}
