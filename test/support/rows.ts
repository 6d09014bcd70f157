/** Answers of questions, and what to compare them with. */

export type Row = Readonly<Record<string, unknown>>;

/** Rows with these columns alone. */
export const columns = (rows: readonly Row[], ...names: readonly string[]): readonly Row[] =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** By a key, what each group comes to. */
export function grouped<T, R>(
  list: readonly T[],
  keyOf: (one: T) => string,
  summed: (some: readonly T[]) => R,
): Record<string, R> {
  return Object.fromEntries([...Map.groupBy(list, keyOf)].map(([key, some]) => [key, summed(some)]));
}
/** How often each stands in a list. */
export const tally = (list: readonly string[]) => grouped(list, String, (some) => some.length);

/** As a file to compare with, whatever the day's date. */
export const golden = (rows: readonly Row[], day: number): string =>
  `${JSON.stringify(rows, null, 2).replaceAll(new Date(day).toISOString().slice(0, 10), 'DAY')}\n`;
