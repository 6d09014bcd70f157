import { z } from 'zod';
import { ACTIONS, type AuditEvent } from '../../core/event.ts';

/** By Splunk's convention `vendor:product:category`. All hold the same fields; the category says who reports. */
export const sourcetypes = z.strictObject({
  gateway: z.string().min(1).default('trailhouse:gateway'),
  mcp: z.string().min(1).default('trailhouse:mcp'),
  endpoint: z.string().min(1).default('trailhouse:endpoint'),
  admin: z.string().min(1).default('trailhouse:admin'),
  trail: z.string().min(1).default('trailhouse:trail'),
});

type Category = keyof z.output<typeof sourcetypes>;

const one = z.string().min(1);
/** A misspelt one would send events elsewhere in silence. */
const action = one.refine(
  (given) => Object.keys(ACTIONS).some((known) => matches(given, known)),
  'is no action, nor `family.*` of any',
);
const conditions = { surface: one.optional(), action: action.optional(), team: one.optional(), class: one.optional() };

/** Into which index what meets all conditions goes. */
export const indexRule = z.strictObject({
  index: one,
  when: z.strictObject(conditions).refine((when) => Object.keys(when).length > 0, 'names no condition'),
});

type IndexRule = z.output<typeof indexRule>;

const ADMINISTRATION: ReadonlySet<string> = new Set(['config', 'auth', 'user', 'role', 'key', 'review']);
const ENDPOINTS: ReadonlySet<string> = new Set(['cli', 'ide', 'desktop', 'web']);

export function categoryOf({ action, surface }: AuditEvent): Category {
  const family = action.slice(0, action.indexOf('.'));
  if (family === 'audit') return 'trail';
  if (surface === 'admin' || ADMINISTRATION.has(family)) return 'admin';
  if (family === 'mcp') return 'mcp';
  return ENDPOINTS.has(surface) ? 'endpoint' : 'gateway';
}

/** The first rule that fits; else the default, or undefined for the token's own default. */
export function indexBy(rules: readonly IndexRule[], byDefault: string | undefined) {
  return (event: AuditEvent): string | undefined => rules.find((rule) => fits(rule, event))?.index ?? byDefault;
}

function fits({ when }: IndexRule, event: AuditEvent): boolean {
  if (when.surface !== undefined && when.surface !== event.surface) return false;
  if (when.team !== undefined && when.team !== event.actor_team) return false;
  if (when.class !== undefined && when.class !== event.retention_class) return false;
  return when.action === undefined || matches(when.action, event.action);
}

function matches(given: string, action: string): boolean {
  return given.endsWith('.*') ? action.startsWith(given.slice(0, -1)) : action === given;
}
