import { createHash } from 'node:crypto';

/** "1MB": Datadog cuts a longer log off and answers 202 all the same. */
export const MAX_LOG_BYTES = 1_000_000;

/** Characters a text may keep, one after the other until the log fits; the last makes any log fit. */
const KEEP = [100_000, 10_000, 1_000, 100] as const;
/** An array keeps so much fewer items. */
const CHARACTERS_AN_ITEM = 10;

/**
 * A log that is too long as Datadog keeps it whole. It loses the ends of its longest texts and lists, and says so:
 * `trailhouse.sha256` is of the whole log, so that the stored event can be shown to be the one that was cut.
 */
export function cut(log: Buffer): Buffer {
  const { length } = log;
  const sha256 = createHash('sha256').update(log).digest('hex');
  const whole: unknown = JSON.parse(log.toString());
  let shortened = log;
  for (const keep of KEEP) {
    const places = new Set<string>();
    const rest = shorten(whole, keep, [], places);
    shortened = marked(rest, { cut: true, original_bytes: length, sha256, cut_attributes: [...places] });
    if (shortened.length <= MAX_LOG_BYTES) break;
  }
  return shortened;
}

/** `trailhouse` is the last member of a log. */
const marked = (log: unknown, marker: object): Buffer =>
  Buffer.from(`${JSON.stringify(log).slice(0, -2)},${JSON.stringify(marker).slice(1)}}`);

/** Notes in `places` the attribute, by its first two names, of whatever was left out. */
function shorten(value: unknown, keep: number, path: readonly string[], places: Set<string>): unknown {
  const note = () => places.add(path.slice(0, 2).join('.'));
  if (typeof value === 'string') return beginning(value, keep, note);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.slice(0, keep / CHARACTERS_AN_ITEM);
    if (items.length < value.length) note();
    return items.map((item) => shorten(item, keep, path, places));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => [
    beginning(name, keep, note),
    shorten(member, keep, [...path, name], places),
  ]);
  return Object.fromEntries(members);
}

/** Never ends within a character. */
function beginning(text: string, keep: number, note: () => void): string {
  if (text.length <= keep) return text;
  note();
  return text.slice(0, keep).toWellFormed();
}
