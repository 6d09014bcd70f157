import type { Action } from '../../core/event.ts';

/** The gateway's own setup: servers it fronts, what they offer, and who may reach it. */
const SETUP: readonly string[] = [
  'a2a_agent',
  'catalog',
  'gateway',
  'llm_provider',
  'plugin',
  'prompt',
  'resource',
  'root',
  'server',
  'team',
  'tool',
  'user',
];
const KEYS: readonly string[] = ['api_key', 'api_token', 'credential', 'token'];

/** Verbs of `AuditAction`, and those the services write in lower case before a noun (`delete_tool`). */
const VERBS: Readonly<Record<string, 'run' | 'read' | 'make' | 'change' | 'remove' | 'rotate' | 'enter' | 'leave'>> = {
  execute: 'run',
  invoke: 'run',
  call: 'run',
  read: 'read',
  access: 'read',
  view: 'read',
  list: 'read',
  get: 'read',
  export: 'read',
  create: 'make',
  register: 'make',
  add: 'make',
  import: 'make',
  update: 'change',
  toggle: 'change',
  activate: 'change',
  deactivate: 'change',
  assign: 'change',
  delete: 'remove',
  remove: 'remove',
  revoke: 'remove',
  rotate: 'rotate',
  login: 'enter',
  logout: 'leave',
};

/** What a row's verb and resource come to in our taxonomy; both stay attributes. */
export function actOf(action: string, resource: string): Action {
  const [word = ''] = action.toLowerCase().split(/[^a-z]+/);
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  const noun = resource.toLowerCase();
  switch (verb) {
    case undefined:
      return 'activity.other';
    case 'enter':
      return 'auth.login';
    case 'leave':
      return 'auth.logout';
    case 'run':
      return noun === 'tool' ? 'mcp.tool.call' : ranOther(noun);
    case 'read':
      return 'data.read';
    case 'make':
    case 'change':
    case 'remove':
    case 'rotate':
      return changed(verb, noun);
  }
}

function ranOther(noun: string): Action {
  return noun === 'resource' || noun === 'prompt' ? 'mcp.request' : 'activity.other';
}

function changed(verb: 'make' | 'change' | 'remove' | 'rotate', noun: string): Action {
  if (KEYS.includes(noun)) return KEY_ACTS[verb];
  if (noun === 'user' && verb === 'make') return 'user.provisioned';
  if (noun === 'user' && verb === 'remove') return 'user.deprovisioned';
  if (noun === 'role') return 'role.changed';
  if (SETUP.includes(noun)) return 'config.changed';
  return verb === 'remove' ? 'data.deleted' : 'data.write';
}

const KEY_ACTS = {
  make: 'key.issued',
  change: 'config.changed',
  remove: 'key.revoked',
  rotate: 'key.rotated',
} as const satisfies Record<string, Action>;
