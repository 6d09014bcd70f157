/** Times a dashboard writes into its questions: seconds, milliseconds or microseconds since 1970, by their digits. */
const TIME =
  /\b((?:toDateTime|toDateTime64|fromUnixTimestamp|fromUnixTimestamp64(?:Second|Milli|Micro))\s*\(\s*'?)(\d{10}|\d{13}|\d{16})(?:\.\d+)?(?!\d)/gi;

/**
 * What a question is known again by within a minute: as it stands, but for times, which count by their minute. A dashboard asks
 * for the last hours every few seconds, and each time they end a little later.
 */
export function alike(sql: string): string {
  return sql.replace(TIME, (_, call: string, digits: string) => `${call}minute ${Math.floor(seconds(digits) / 60)}`);
}

const seconds = (digits: string): number => Number(digits.slice(0, 10));
