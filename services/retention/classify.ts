import { endOf, exceeds, FRAMEWORKS, type FrameworkName, inWords } from './frameworks.ts';

/** What decides an event's class. Times are microseconds since 1970; an empty text is not known. */
export interface Basis {
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly topic: string;
  readonly surface: string;
  readonly team: string;
  readonly project: string;
  readonly dataClasses: readonly string[];
}

export interface Rule {
  readonly when: {
    readonly topic?: string | undefined;
    readonly team?: string | undefined;
    readonly project?: string | undefined;
    readonly surface?: string | undefined;
    readonly data_class?: string | undefined;
  };
  readonly keep: readonly FrameworkName[];
}

/** What the configuration says about keeping; see config.ts. */
export interface RetentionRules {
  readonly rules: readonly Rule[];
  readonly default: readonly FrameworkName[];
  readonly content_days?: number | undefined;
}

/** The retention columns of an event. */
export interface Kept {
  /** Names of frameworks, sorted, joined by +. */
  readonly retention_class: string;
  /** Days since 1970-01-01: half of the partition key. */
  readonly retention_bucket: number;
  /** Microseconds since 1970. */
  readonly retain_until: number;
  /** Of few different values: it names periods, never the event. */
  readonly retention_reason: string;
}

const US_PER_DAY = 86_400_000_000;

/** Classes kept longer are partitioned by month, so that a store never holds thousands of partitions. */
const DAILY_UP_TO_DAYS = 400;

/**
 * The class of an event and the end of its longest obligation, counted from when it occurred or was received, whichever
 * is later: a wrong clock at the source never shortens.
 */
export function classify(basis: Basis, rules: RetentionRules): Kept {
  const from = Math.max(basis.occurredAt, basis.receivedAt);
  const { frameworks, why } = chosen(basis, rules, from);
  const winner = longest(frameworks, from);
  const byMonth = frameworks.some((name) => exceeds(FRAMEWORKS[name].period, DAILY_UP_TO_DAYS));
  return {
    retention_class: frameworks.join('+'),
    retention_bucket: bucketOf(basis.occurredAt, byMonth),
    retain_until: endOf(FRAMEWORKS[winner].period, from),
    retention_reason: `${reason(frameworks, winner)}${why}`,
  };
}

/**
 * The same for the event's content, which has a clock of its own and ends with its event at the latest: nothing could say
 * any more whose it is.
 */
export function classifyContent(basis: Basis, rules: RetentionRules): Kept {
  const event = classify(basis, rules);
  const days = rules.content_days;
  const until = Math.max(basis.occurredAt, basis.receivedAt) + (days ?? 0) * US_PER_DAY;
  if (days === undefined || until >= event.retain_until) return event;
  return {
    retention_class: event.retention_class,
    retention_bucket: bucketOf(basis.occurredAt, days > DAILY_UP_TO_DAYS),
    retain_until: until,
    retention_reason: `content ${inWords({ days })} as configured; its event: ${event.retention_reason}`,
  };
}

/** Partition key of a row, as the index of a carriage writes it: `class/yyyymmdd`. */
export function partOf(retentionClass: string, bucket: number): string {
  const day = new Date(bucket * 86_400_000).toISOString().slice(0, 10);
  return `${retentionClass}/${day.replaceAll('-', '')}`;
}

interface Choice {
  readonly frameworks: readonly FrameworkName[];
  /** Follows the reason. */
  readonly why: string;
}

/**
 * The frameworks of an event. One whose team is not known is taken to be of whichever team (and project, where that is
 * not known either) would keep it longest, so that a later attribution need never lengthen what was already dropped.
 */
function chosen(basis: Basis, rules: RetentionRules, from: number): Choice {
  const known = frameworksFor(basis, rules);
  if (basis.team !== '') return known;
  const possible = guises(basis, rules.rules).map((guise) => frameworksFor(guise, rules));
  const best = possible.reduce((a, b) => (outlasts(b.frameworks, a.frameworks, from) ? b : a), known);
  if (best.frameworks.join() === known.frameworks.join()) return known;
  return { frameworks: best.frameworks, why: '; team not known: the longest class it could turn out to have' };
}

function guises(basis: Basis, rules: readonly Rule[]): readonly Basis[] {
  const teams = ['', ...rules.flatMap(({ when }) => when.team ?? [])];
  const projects = basis.project === '' ? ['', ...rules.flatMap(({ when }) => when.project ?? [])] : [basis.project];
  return [...new Set(teams)].flatMap((team) => [...new Set(projects)].map((project) => ({ ...basis, team, project })));
}

function frameworksFor(basis: Basis, { rules, default: fallback }: RetentionRules): Choice {
  const fitting = rules.filter((rule) => fits(basis, rule)).flatMap(({ keep }) => keep);
  const frameworks = [...new Set(fitting.length > 0 ? fitting : fallback)].sort();
  return { frameworks, why: fitting.length > 0 ? '' : '; no rule fits' };
}

function fits(basis: Basis, { when }: Rule): boolean {
  return (
    (when.topic ?? basis.topic) === basis.topic &&
    (when.team ?? basis.team) === basis.team &&
    (when.project ?? basis.project) === basis.project &&
    (when.surface ?? basis.surface) === basis.surface &&
    (when.data_class === undefined || basis.dataClasses.includes(when.data_class))
  );
}

/** Whether `a` ends later than `b`; of two that end together, whether it names more obligations. */
function outlasts(a: readonly FrameworkName[], b: readonly FrameworkName[], from: number): boolean {
  const end = (names: readonly FrameworkName[]) =>
    Math.max(...names.map((name) => endOf(FRAMEWORKS[name].period, from)));
  const difference = end(a) - end(b);
  return difference > 0 || (difference === 0 && a.length > b.length);
}

function longest(frameworks: readonly FrameworkName[], from: number): FrameworkName {
  return frameworks.reduce((a, b) => (outlasts([b], [a], from) ? b : a));
}

/** `hipaa 6 years outlasts soc2 90 days`, or the one framework and its period. */
function reason(frameworks: readonly FrameworkName[], winner: FrameworkName): string {
  const say = (name: FrameworkName) => `${name} ${inWords(FRAMEWORKS[name].period)}`;
  const others = frameworks.filter((name) => name !== winner);
  return others.length === 0 ? say(winner) : `${say(winner)} outlasts ${others.map(say).join(', ')}`;
}

function bucketOf(occurredAt: number, byMonth: boolean): number {
  const day = Math.floor(occurredAt / US_PER_DAY);
  return byMonth ? day - new Date(day * 86_400_000).getUTCDate() + 1 : day;
}
