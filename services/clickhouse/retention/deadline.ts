/** A period as the rules of retention spell it. */
export interface Span {
  readonly days?: number | undefined;
  readonly years?: number | undefined;
}

/**
 * The end of a span that begins at a time of the SQL `from`. ClickHouse ends a year from 29 February on 28 February: a day too
 * early, where the law counts whole years.
 */
export function endSql({ days = 0, years }: Span, from: string): string {
  if (years === undefined) return `addDays(${from}, ${days})`;
  const end = `addYears(${from}, ${years})`;
  return `addDays(${end}, toDayOfMonth(${from}) != toDayOfMonth(${end}))`;
}
