import type { FrameworkName } from './frameworks.ts';
import { exceeds, inWords } from './period.ts';
import { latest, type Purpose, reasonOf, type Terms, termsOf } from './terms.ts';

/** What decides an event's class. Times are microseconds since 1970; an empty text is not known. */
export interface Basis {
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly topic: string;
  readonly format?: string | undefined;
  readonly region?: string | undefined;
  readonly surface: string;
  readonly team: string;
  readonly project: string;
  readonly dataClasses: readonly string[];
}

export interface Rule {
  readonly when: {
    readonly topic?: string | undefined;
    /** A topic or a format. */
    readonly source?: string | undefined;
    readonly region?: string | undefined;
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
  readonly gdpr?: Purpose | undefined;
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
 * is later: a wrong clock at the source never shortens. Its bucket counts from the same instant, so that what lies in one
 * partition ends within a day of each other, or within a month.
 */
export function classify(basis: Basis, rules: RetentionRules): Kept {
  const from = startOf(basis);
  const { frameworks, why } = chosen(basis, rules, from);
  const terms = termsOf(frameworks, rules.gdpr);
  const { name, end } = latest(terms, from);
  return {
    retention_class: frameworks.join('+'),
    retention_bucket: bucketOf(from, isByMonth(terms)),
    retain_until: end,
    retention_reason: `${reasonOf(frameworks, terms, name, rules.gdpr)}${why}`,
  };
}

/**
 * The same for the event's content, which has a clock of its own and ends with its event at the latest: nothing could say
 * any more whose it is.
 */
export function classifyContent(basis: Basis, rules: RetentionRules): Kept {
  const event = classify(basis, rules);
  const days = rules.content_days;
  const from = startOf(basis);
  const until = from + (days ?? 0) * US_PER_DAY;
  if (days === undefined || until >= event.retain_until) return event;
  return {
    retention_class: event.retention_class,
    retention_bucket: bucketOf(from, days > DAILY_UP_TO_DAYS),
    retain_until: until,
    retention_reason: `content ${inWords({ days })} as configured; its event: ${event.retention_reason}`,
  };
}

/** The terms an event is kept under once its team and project are known. */
export function termsFor(basis: Basis, rules: RetentionRules): Terms {
  return termsOf(frameworksFor(basis, rules).frameworks, rules.gdpr);
}

/** When the clocks of an event begin. */
export const startOf = ({ occurredAt, receivedAt }: Pick<Basis, 'occurredAt' | 'receivedAt'>): number =>
  Math.max(occurredAt, receivedAt);

/** Whether what is kept under these terms is partitioned by month. */
export const isByMonth = ({ periods }: Terms): boolean =>
  periods.some(({ period }) => exceeds(period, DAILY_UP_TO_DAYS));

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
  const best = possible.reduce((a, b) => (outlasts(b.frameworks, a.frameworks, rules, from) ? b : a), known);
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
    (when.source === undefined || when.source === basis.topic || when.source === basis.format) &&
    (when.region === undefined || when.region === basis.region) &&
    (when.team ?? basis.team) === basis.team &&
    (when.project ?? basis.project) === basis.project &&
    (when.surface ?? basis.surface) === basis.surface &&
    (when.data_class === undefined || basis.dataClasses.includes(when.data_class))
  );
}

/** Whether `a` ends later than `b`; of two that end together, whether it names more obligations. */
function outlasts(
  a: readonly FrameworkName[],
  b: readonly FrameworkName[],
  { gdpr }: RetentionRules,
  from: number,
): boolean {
  const end = (names: readonly FrameworkName[]) => latest(termsOf(names, gdpr), from).end;
  const difference = end(a) - end(b);
  return difference > 0 || (difference === 0 && a.length > b.length);
}

function bucketOf(from: number, byMonth: boolean): number {
  const day = Math.floor(from / US_PER_DAY);
  return byMonth ? day - new Date(day * 86_400_000).getUTCDate() + 1 : day;
}
