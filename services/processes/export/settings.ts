import { z } from 'zod';
import { ACTIONS, type AuditEvent } from '../../core/event.ts';
import { FRAMEWORKS } from '../../retention/frameworks.ts';
import { sinks } from '../../sinks/index.ts';

const names = z.array(z.string().min(1)).min(1);
const oneOf = (words: readonly [string, ...string[]]) => z.array(z.enum(words)).min(1);

const KINDS = new Set(Object.keys(ACTIONS).map((action) => `${action.split('.')[0]}.*`));
const isKnown = (action: string): boolean => Object.hasOwn(ACTIONS, action) || KINDS.has(action);

/** Words a filter may name; one that is misspelt would leave everything out without a word. */
const [soleFramework, ...moreFrameworks] = Object.keys(FRAMEWORKS);
if (soleFramework === undefined) throw new Error('no frameworks');
const FRAMEWORKS_BY_NAME: readonly [string, ...string[]] = [soleFramework, ...moreFrameworks];

/** An event passes when every list that is given names it. */
const filter = z.strictObject({
  surface: oneOf(['web', 'desktop', 'cli', 'ide', 'api', 'admin', '']).optional(),
  /** `file.*` stands for all actions of a kind. */
  action: z.array(z.string().refine(isKnown, 'is no action, and no kind of actions such as file.*')).min(1).optional(),
  outcome: oneOf(['success', 'failure', 'denied', 'unknown']).optional(),
  severity: oneOf(['info', 'low', 'medium', 'high', 'critical']).optional(),
  team: names.optional(),
  /** Raw topics the events came from. */
  topics: names.optional(),
  /** Frameworks of the retention class. */
  class: z.array(z.enum(FRAMEWORKS_BY_NAME)).min(1).optional(),
});

export type Filter = z.output<typeof filter>;

/** What every lane has beside its receiver's own settings. */
const lane = {
  filter: filter.optional(),
  /** Where the receiver stands; sources that are pinned to a region reach it only where it is the same. */
  region: z.string().min(1).max(64).optional(),
  personal: z.enum(['tokens', 'clear', 'none']).default('tokens'),
  tls: z
    .strictObject({
      ca: z.string().min(1).optional(),
      cert: z.string().min(1).optional(),
      key: z.string().min(1).optional(),
      servername: z.string().min(1).optional(),
    })
    .optional(),
  /** Where a receiver that was never delivered to begins: what the topic still holds, all that is stored, or what comes next. */
  from: z.enum(['topic', 'store', 'now']).default('topic'),
  /** Allows plain http to another machine. */
  insecure_http: z.boolean().default(false),
  /** Requests under way at once; the receiver's own default where left out. */
  concurrency: z.number().int().min(1).max(64).optional(),
  /** Most events a second that a replay sends. */
  replay_rate: z.number().int().min(1).default(2_000),
};

const plain = z.object(lane).extend({ kind: z.string() });

/** One receiver in the configuration: what every lane has, and what its kind adds. */
export type SinkSettings = z.output<typeof plain>;

const [first, ...others] = sinks.map(({ name, config }) =>
  z.strictObject({ kind: z.literal(name), ...lane, ...config.shape }),
);
if (first === undefined) throw new Error('no kinds of receivers');

const NAME = /^[a-z][a-z0-9_-]{0,62}$/;

/** `sinks` of the configuration: receivers by name. The name is part of consumer groups and receipts: it stays. */
export const sinkSettings = z.record(
  z.string().regex(NAME, 'a receiver is named by a to z, 0 to 9, _ and -'),
  z.discriminatedUnion('kind', [first, ...others]).superRefine((given, context) => {
    // What the receiver's own schema says across its keys, which a union of shapes does not carry.
    const settings = plain.parse(given);
    const own = sinks
      .find(({ name }) => name === settings.kind)
      ?.config.safeParse(ownSettings({ ...settings, ...given }));
    for (const issue of own?.error?.issues ?? []) context.addIssue({ ...issue, path: [...issue.path] });
  }),
);

/** Settings as they are written, with what the environment says where they are silent. */
export function withDefaults(written: unknown, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (!isRecord(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([name, given]) => {
      const kind = isRecord(given) ? sinks.find((known) => known.name === given.kind) : undefined;
      return [
        name,
        kind === undefined || !isRecord(given) ? given : { ...kind.defaults(given, environment), ...given },
      ];
    }),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings that are the receiver's own, without those every lane has. */
export function ownSettings(settings: SinkSettings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'kind' && !Object.hasOwn(lane, key)));
}

/** Why a filter leaves an event out; undefined for one that passes. */
export function leftOut(event: AuditEvent, by: Filter): string | undefined {
  if (by.surface?.some((one) => one === event.surface) === false) return 'surface';
  if (by.action?.some((name) => isAction(event.action, name)) === false) return 'action';
  if (by.outcome?.some((one) => one === event.outcome) === false) return 'outcome';
  if (by.severity?.some((one) => one === event.severity) === false) return 'severity';
  if (by.team?.includes(event.actor_team) === false) return 'team';
  if (by.topics?.includes(event.origin_topic) === false) return 'topics';
  if (by.class?.some((name) => event.retention_class.split('+').includes(name)) === false) return 'class';
  return undefined;
}

const isAction = (action: string, name: string): boolean =>
  name.endsWith('.*') ? action.startsWith(name.slice(0, -1)) : action === name;
