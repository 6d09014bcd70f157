// ---- CSV: a spreadsheet must not run what a hostile prompt wrote (ASVS 5.0, 1.2.10)

export const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** A line of rows.csv. A text that a spreadsheet would run gets an apostrophe in front, and in no other case. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${(FORMULA.test(words) ? `'${words}` : words).replaceAll('"', '""')}"`;
}
