/** How long an obligation lasts, counted from the event. Years are calendar years. */
export type Period =
  | { readonly days: number; readonly years?: undefined }
  | { readonly years: number; readonly days?: undefined };

export interface Framework {
  readonly period: Period;
  /** Where the obligation is written. */
  readonly citation: string;
  /** Why the period follows from it, and how firmly. */
  readonly basis: string;
}

/** What obliges to keep an event. A class is a set of these names; a name never changes its meaning once rows carry it. */
export const FRAMEWORKS = {
  soc2: {
    period: { days: 90 },
    citation: 'AICPA Trust Services Criteria 2017 (points of focus 2022), CC7.2 and CC7.3',
    basis:
      'The criteria name no period. 90 days is a floor (FedRAMP AU-11 asks as much on-line); evidence for a Type II ' +
      'report must cover its whole window of 3 to 12 months.',
  },
  hipaa: {
    period: { years: 6 },
    citation: '45 CFR 164.316(b)(2)(i), with 164.312(b) and 164.528(a)(1)',
    basis:
      'Required documentation is kept six years from its creation or from when it last was in effect. HHS has not said ' +
      'that audit logs are such documentation; six years is the safe reading.',
  },
  default: {
    period: { days: 365 },
    citation: 'no law',
    basis: 'Kept for a year where no rule names a framework: as long as the longest usual SOC 2 Type II window.',
  },
} as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkName = keyof typeof FRAMEWORKS;

const US_PER_MS = 1000;
const MS_PER_DAY = 86_400_000;

/**
 * When an obligation that began at `from` ends; both in microseconds since 1970, UTC. A year from 29 February ends on
 * 1 March where there is no 29 February: never a day early.
 */
export function endOf(period: Period, from: number): number {
  if (period.years === undefined) return from + period.days * MS_PER_DAY * US_PER_MS;
  const wholeMs = Math.floor(from / US_PER_MS);
  const date = new Date(wholeMs);
  return date.setUTCFullYear(date.getUTCFullYear() + period.years) * US_PER_MS + (from - wholeMs * US_PER_MS);
}

/** Whether a period is longer than `days`, a year counting 365. */
export function exceeds(period: Period, days: number): boolean {
  return (period.days ?? period.years * 365) > days;
}

export function inWords(period: Period): string {
  const [count, unit] = period.years === undefined ? [period.days, 'day'] : [period.years, 'year'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
