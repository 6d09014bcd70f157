/** How long an obligation lasts, counted from the event. Years are calendar years. */
export type Period =
  | { readonly days: number; readonly years?: undefined }
  | { readonly years: number; readonly days?: undefined };

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
  return lengthInDays(period) > days;
}

/** A year counts 365. */
export const lengthInDays = (period: Period): number => period.days ?? period.years * 365;

export function inWords(period: Period): string {
  const [count, unit] = period.years === undefined ? [period.days, 'day'] : [period.years, 'year'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
