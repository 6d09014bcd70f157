import type { Action } from '../../core/event.ts';
import { constant } from '../json.ts';

/** An event class of OCSF, and the object it wants beside the actor. */
interface EventClass {
  readonly uid: number;
  readonly name: string;
  readonly category: string;
  readonly about: About;
}

export type About = 'api' | 'login' | 'account' | 'entity' | 'file' | 'process' | 'finding';

const FILE = { uid: 1001, name: 'File System Activity', category: 'System Activity', about: 'file' } as const;
const PROCESS = { uid: 1007, name: 'Process Activity', category: 'System Activity', about: 'process' } as const;
const FINDING = { uid: 2004, name: 'Detection Finding', category: 'Findings', about: 'finding' } as const;
const IAM = 'Identity & Access Management';
const ACCOUNT = { uid: 3001, name: 'Account Change', category: IAM, about: 'account' } as const;
const LOGIN = { uid: 3002, name: 'Authentication', category: IAM, about: 'login' } as const;
const ENTITY = { uid: 3004, name: 'Entity Management', category: IAM, about: 'entity' } as const;
const API = { uid: 6003, name: 'API Activity', category: 'Application Activity', about: 'api' } as const;
const HOSTING = { uid: 6006, name: 'File Hosting Activity', category: 'Application Activity', about: 'file' } as const;

/** `activity_id` and its caption. */
type Verb = readonly [id: number, caption: string];

const CREATE: Verb = [1, 'Create'];
const READ: Verb = [2, 'Read'];
const UPDATE: Verb = [3, 'Update'];
const DELETE: Verb = [4, 'Delete'];
/** OCSF wants the source's own word for an activity it has none for. */
const other = (action: Action): Verb => [99, action];

/** What OCSF 1.5 calls each action. A verb is named only where the action itself says it. */
const ACTIVITIES: Readonly<Record<Action, readonly [EventClass, Verb]>> = {
  'llm.request': [API, other('llm.request')],
  'llm.prompt': [API, other('llm.prompt')],
  'llm.response': [API, other('llm.response')],
  'llm.refusal': [API, other('llm.refusal')],
  'mcp.tool.call': [API, other('mcp.tool.call')],
  'mcp.server.connect': [API, other('mcp.server.connect')],
  'mcp.server.disconnect': [API, other('mcp.server.disconnect')],
  'mcp.request': [API, READ],
  'tool.call': [API, other('tool.call')],
  'shell.exec': [PROCESS, [1, 'Launch']],
  'file.read': [FILE, READ],
  'file.write': [FILE, UPDATE],
  'file.upload': [HOSTING, [1, 'Upload']],
  'network.request': [API, other('network.request')],
  'permission.decision': [API, other('permission.decision')],
  'approval.decision': [API, other('approval.decision')],
  'guardrail.fired': [FINDING, CREATE],
  'budget.exceeded': [API, other('budget.exceeded')],
  'ratelimit.exceeded': [API, other('ratelimit.exceeded')],
  'session.start': [API, other('session.start')],
  'session.end': [API, other('session.end')],
  'session.event': [API, other('session.event')],
  'conversation.metadata': [API, other('conversation.metadata')],
  'config.changed': [ENTITY, UPDATE],
  'auth.login': [LOGIN, [1, 'Logon']],
  'auth.logout': [LOGIN, [2, 'Logoff']],
  'user.provisioned': [ACCOUNT, CREATE],
  'user.deprovisioned': [ACCOUNT, [6, 'Delete']],
  'role.changed': [ACCOUNT, other('role.changed')],
  'key.issued': [ENTITY, CREATE],
  'key.rotated': [ENTITY, UPDATE],
  'key.revoked': [ENTITY, DELETE],
  'review.recorded': [ENTITY, CREATE],
  'data.read': [API, READ],
  'data.write': [API, UPDATE],
  'data.deleted': [API, DELETE],
  'audit.query': [API, READ],
  'audit.export': [API, READ],
  'audit.retry': [API, other('audit.retry')],
  'audit.act': [API, other('audit.act')],
  'attribution.corrected': [API, other('attribution.corrected')],
  'content.revealed': [API, READ],
  'hold.placed': [ENTITY, CREATE],
  'hold.lifted': [ENTITY, DELETE],
  'retention.deleted': [ENTITY, DELETE],
  'ledger.checkpoint': [ENTITY, CREATE],
  'erasure.ordered': [ENTITY, CREATE],
  'erasure.carried_out': [ENTITY, DELETE],
  'finding.raised': [FINDING, CREATE],
  'activity.other': [API, other('activity.other')],
};

export interface Activity {
  readonly about: About;
  /** The members of the event that follow from its action, as JSON. */
  readonly members: Uint8Array;
}

/** `type_uid` and `category_uid` follow from the class by OCSF's rule. */
function activity([{ uid, name, category, about }, [id, caption]]: readonly [EventClass, Verb]): Activity {
  const members = {
    category_uid: Math.floor(uid / 1000),
    category_name: category,
    class_uid: uid,
    class_name: name,
    activity_id: id,
    activity_name: caption,
    type_uid: uid * 100 + id,
  };
  return { about, members: constant(JSON.stringify(members).slice(1, -1)) };
}

const BY_NAME: ReadonlyMap<string, Activity> = new Map(
  Object.entries(ACTIVITIES).map(([name, each]) => [name, activity(each)]),
);
const UNNAMED = activity(ACTIVITIES['activity.other']);

/** An action that is stored and not yet known here is an activity without a word. */
export const activityOf = (action: string): Activity => BY_NAME.get(action) ?? UNNAMED;
