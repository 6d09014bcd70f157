/** A point in time as a column holds it. */
export interface Instant {
  /** Microseconds since 1970. */
  readonly micros: number;
  /** Whether the text can be had back: it is in UTC and no finer than a microsecond. */
  readonly exact: boolean;
}

const FORM = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})?$/;

/** Outside, ClickHouse's DateTime64(6) and a date that a person could mean both end. */
const [FIRST, LAST] = [Date.UTC(1970), Date.UTC(2200)];

/**
 * Reads a timestamp of RFC 3339, its fraction of up to nine digits (Go writes nanoseconds). One without a zone is UTC:
 * that is how Python's isoformat looks after a database has dropped the zone. Undefined for what is no date between 1970
 * and 2200, which Go's zero time (year 1, "not set") is not.
 */
export function instantOf(text: string): Instant | undefined {
  const [, date, time, fraction = '', zone = 'Z'] = FORM.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const [wall, ms] = [Date.parse(`${date}T${time}Z`), Date.parse(`${date}T${time}${zone.toUpperCase()}`)];
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return undefined;
  if (Number.isNaN(ms) || ms < FIRST || ms >= LAST) return undefined;
  return {
    micros: ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')),
    exact: /^(Z|[+-]00:00)$/i.test(zone) && Number(fraction.slice(6)) === 0,
  };
}
