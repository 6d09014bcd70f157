import { CUT_LIMITS, type Limits, NO_LIMITS } from '../../services/clickhouse/archive/cut.ts';
import type { ArchivedTopic } from '../../services/clickhouse/tables.ts';
import { PORTS, type Port } from './faults.ts';
import { CONTESTS, HARMS, type Harm } from './happenings.ts';
import type { Random } from './random.ts';
import type { Role } from './roles.ts';

/** What a seed is about: what runs, how much there is to do, and what goes wrong how often. */
export interface Plot {
  readonly focus: Focus;
  /** Processes and their roles. */
  readonly layout: readonly (readonly [name: string, roles: readonly Role[]])[];
  readonly archived: readonly ArchivedTopic[];
  readonly receivers: readonly string[];
  readonly auditPartitions: number;
  readonly limits: Limits;
  /** Blocks a table remembers for ever. */
  readonly window: number;
  readonly chaosMs: number;
  /** How often messages arrive, and how many at a time at most. */
  readonly sends: number;
  readonly messages: number;
  readonly harms: readonly Harm[];
  readonly failing: Readonly<Record<Port, number>>;
  /** Of requests nobody answers, at receivers. */
  readonly hanging: number;
  /** Of requests at which the process dies. */
  readonly crashes: Readonly<Record<Port, number>>;
  readonly slow: number;
  /** Of members of a group, those who learn late that it was dealt anew. */
  readonly late: number;
  /** Whether a raw topic is made anew. */
  readonly isRecreated: boolean;
}

export type Focus = 'whole' | Role;

const ALL: readonly ArchivedTopic[] = [
  'audit.events',
  'audit.content',
  'audit.quarantine',
  'audit.accounting',
  'audit.deliveries',
];

/**
 * Most seeds look at one role closely: what is not needed for it is left out, and what it leans on fails often. That finds in few
 * requests what takes many where everything runs.
 */
export function plotOf(random: Random): Plot {
  const focus = random.pick<Focus>(['whole', 'ingest', 'ingest', 'archive', 'archive', 'archive', 'export', 'export']);
  const contested = focus !== 'whole' && random.chance(focus === 'ingest' ? 0.6 : 0.4) ? focus : undefined;
  const isContested = contested !== undefined;
  const is = (...those: readonly Focus[]): boolean => those.includes(focus);
  return {
    focus,
    layout: layout(focus, isContested, random),
    archived: archived(focus, random),
    receivers: is('whole', 'export') ? (random.chance(0.75) ? ['siem'] : ['siem', 'lake']) : [],
    auditPartitions: random.chance(0.2) ? 2 : 1,
    limits: random.chance(0.6) ? CUT_LIMITS : { ...NO_LIMITS, rows: 2 + random.below(6) },
    window: random.pick([0, 2, 1_000]),
    chaosMs: isContested ? 5_500 + random.below(6_000) : 3_000 + random.below(17_000),
    sends: 1 + random.below(is('archive') ? 5 : 3),
    messages: is('archive') ? random.pick([2, 8]) : 4,
    harms: Array.from({ length: isContested ? 2 + random.below(4) : random.below(6) }, () =>
      random.pick(contested === undefined ? HARMS : CONTESTS[contested]),
    ),
    failing: rates(focus, random),
    hanging: 0.4,
    crashes: crashes(focus, isContested, random),
    slow: isContested ? 0.3 : random.pick([0, 0.04, 0.2]),
    late: isContested ? 0.8 : 0.3,
    isRecreated: is('whole', 'ingest') && random.chance(0.25),
  };
}

/** Everything in one process, or every role in one or two of its own. */
function layout(focus: Focus, isContested: boolean, random: Random): Plot['layout'] {
  const roles: readonly Role[] = {
    whole: ['ingest', 'archive', 'export'] as const,
    ingest: ['ingest', 'archive'] as const,
    archive: ['ingest', 'archive'] as const,
    export: ['ingest', 'archive', 'export'] as const,
  }[focus];
  if (!isContested && random.chance(0.2)) return [['up', roles]];
  const looked = isContested ? 0.8 : 0.5;
  const twice = (role: Role): number => (focus === 'whole' ? 0.4 : role === focus ? looked : 0.1);
  return roles.flatMap((role) =>
    Array.from({ length: random.chance(twice(role)) ? 2 : 1 }, (_, index) => [`${role}-${index + 1}`, [role]] as const),
  );
}

function archived(focus: Focus, random: Random): readonly ArchivedTopic[] {
  if (focus === 'whole') return ALL;
  if (focus === 'ingest') return ['audit.accounting'];
  if (focus === 'export') return ['audit.events', 'audit.deliveries'];
  return random.pick<Plot['archived']>([
    ['audit.events'],
    ['audit.events', 'audit.content'],
    ['audit.quarantine', 'audit.accounting'],
    ['audit.accounting'],
  ]);
}

const LEANS_ON: Readonly<Record<Focus, readonly Port[]>> = {
  whole: PORTS,
  ingest: ['log', 'registry', 'disk'],
  archive: ['log', 'clickhouse', 'registry'],
  export: ['log', 'receiver', 'clickhouse'],
};

function rates(focus: Focus, random: Random): Plot['failing'] {
  return byPort((port) => {
    const rate = LEANS_ON[focus].includes(port) ? random.pick([0, 0.05, 0.15, 0.3]) : random.pick([0, 0.02]);
    return port === 'registry' || port === 'disk' ? rate / 2 : rate;
  });
}

/** Processes die everywhere, and most of all at one port. */
function crashes(focus: Focus, isContested: boolean, random: Random): Plot['crashes'] {
  const most = isContested ? 0 : random.pick([0, 0.01, 0.04, 0.1]);
  const worst = focus === 'archive' ? 'clickhouse' : random.pick(PORTS);
  return byPort((port) => (port === worst ? most : most / 10));
}

const byPort = (rate: (port: Port) => number): Readonly<Record<Port, number>> => ({
  log: rate('log'),
  clickhouse: rate('clickhouse'),
  registry: rate('registry'),
  disk: rate('disk'),
  receiver: rate('receiver'),
});
