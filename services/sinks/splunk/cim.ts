import type { Action, AuditEvent } from '../../core/event.ts';

/** What Splunk's Common Information Model calls an act. */
interface Sense {
  /** Data models the event belongs to; eventtypes choose by it, for they alone can set tags. */
  readonly models: string;
  /** CIM's word for what was done, where it was not denied. */
  readonly action: string;
  /** `object_category`: the class of what it was done to. */
  readonly category: string;
}

const NONE: Sense = sense('', 'allowed', '');

/** By the action's name; see "CIM fields per associated data model" in the manual of the CIM add-on 6.1. */
const SENSES: Readonly<Record<Action, Sense>> = {
  'llm.request': sense('Web Data_Access', 'allowed', 'model'),
  'llm.prompt': sense('Web Data_Access', 'allowed', 'model'),
  'llm.response': sense('Web Data_Access', 'allowed', 'model'),
  'llm.refusal': sense('Web Data_Access', 'blocked', 'model'),
  'mcp.tool.call': sense('Data_Access', 'allowed', 'tool'),
  'mcp.server.connect': sense('Data_Access', 'allowed', 'server'),
  'mcp.server.disconnect': NONE,
  'mcp.request': sense('Data_Access', 'read', 'server'),
  'tool.call': sense('Data_Access', 'allowed', 'tool'),
  'shell.exec': sense('Endpoint', 'allowed', 'process'),
  'file.read': sense('Data_Access', 'read', 'file'),
  'file.write': sense('Data_Access Endpoint', 'modified', 'file'),
  'file.upload': sense('Data_Access', 'uploaded', 'file'),
  'network.request': sense('Web', 'allowed', 'address'),
  'permission.decision': sense('Data_Access', 'allowed', 'tool'),
  'approval.decision': sense('Data_Access', 'allowed', 'tool'),
  'guardrail.fired': sense('DLP Alerts', 'allowed', 'guardrail'),
  'budget.exceeded': sense('Alerts', 'blocked', 'budget'),
  'ratelimit.exceeded': sense('Alerts', 'blocked', 'ratelimit'),
  'session.start': NONE,
  'session.end': NONE,
  'session.event': NONE,
  'conversation.metadata': sense('Data_Access', 'read', 'conversation'),
  'config.changed': sense('Change', 'modified', 'config'),
  'auth.login': sense('Authentication', 'success', 'user'),
  'auth.logout': NONE,
  'user.provisioned': sense('Change', 'created', 'user'),
  'user.deprovisioned': sense('Change', 'deleted', 'user'),
  'role.changed': sense('Change', 'acl_modified', 'role'),
  'key.issued': sense('Change', 'created', 'key'),
  'key.rotated': sense('Change', 'updated', 'key'),
  'key.revoked': sense('Change', 'deleted', 'key'),
  'review.recorded': sense('Change', 'created', 'review'),
  'data.read': sense('Data_Access', 'read', 'data'),
  'data.write': sense('Data_Access', 'modified', 'data'),
  'data.deleted': sense('Data_Access', 'deleted', 'data'),
  'audit.query': sense('Data_Access', 'read', 'audit_trail'),
  'audit.export': sense('Data_Access', 'downloaded', 'audit_trail'),
  'audit.retry': sense('Change', 'updated', 'audit_trail'),
  'audit.act': sense('Change', 'modified', 'audit_trail'),
  'attribution.corrected': sense('Change', 'modified', 'audit_trail'),
  'content.revealed': sense('Change', 'read', 'audit_trail'),
  'hold.placed': sense('Change', 'created', 'legal_hold'),
  'hold.lifted': sense('Change', 'deleted', 'legal_hold'),
  'erasure.ordered': sense('Change', 'created', 'erasure'),
  'erasure.carried_out': sense('Change', 'deleted', 'audit_trail'),
  'retention.deleted': sense('Change', 'deleted', 'audit_trail'),
  'ledger.checkpoint': sense('Change', 'created', 'ledger'),
  'finding.raised': sense('Alerts', 'created', 'finding'),
  'activity.other': NONE,
};

function sense(models: string, action: string, category: string): Sense {
  return { models, action, category };
}

const BY_NAME: ReadonlyMap<string, Sense> = new Map(Object.entries(SENSES));

/** Fields of the CIM that are no column of their own. Empty ones are left out when written. */
export interface Cim {
  readonly cim_model: string;
  readonly action: string;
  readonly status: string;
  readonly signature: string;
  readonly user: string;
  readonly src_user: string;
  readonly dest: string;
  readonly object_category: string;
}

export function cimOf(event: AuditEvent): Cim {
  const { models, action, category } = BY_NAME.get(event.action) ?? NONE;
  const actor = event.actor_email || event.actor_id || event.actor_name;
  /** CIM's Account_Management: `user` is whose account changed, `src_user` who changed it. */
  const ofAccount = models === 'Change' && category === 'user' && event.target !== '';
  return {
    cim_model: models,
    action: actionOf(models, action, event.outcome),
    status: statusOf(models, event),
    signature: event.policy || event.guardrails[0]?.name || event.action,
    user: ofAccount ? event.target : actor,
    src_user: ofAccount ? actor : '',
    dest: event.mcp_server || event.provider || event.host,
    object_category: category,
  };
}

/** Change keeps the verb and says by `status` that it failed; Authentication knows success and failure alone. */
function actionOf(models: string, action: string, outcome: string): string {
  if (models === 'Authentication') return outcome === 'denied' ? 'failure' : outcome;
  return outcome === 'denied' && models !== 'Change' ? 'blocked' : action;
}

/** Web wants the HTTP status, other models a word. */
function statusOf(models: string, { outcome, status_code }: AuditEvent): string {
  if (models.startsWith('Web') && status_code !== null && status_code >= 100 && status_code < 600)
    return String(status_code);
  return outcome === 'denied' ? 'failure' : outcome;
}
