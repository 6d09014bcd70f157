const HOUR_MS = 3_600_000;

/** A date and an hour before minutes, as sources write them. */
const DATED = /\b(20[0-9]{2}-[01][0-9]-[0-3][0-9])([T ])([0-2][0-9])(?=:[0-5][0-9])/g;

/**
 * The message with its times moved by whole hours, so that the first lies in the last two: receivers turn down what is old.
 * Formats stay as they are written.
 */
export function fresh(wire: unknown, now: number): unknown {
  const first = earliest(wire);
  if (first === undefined) return wire;
  const hours = Math.floor((now - first) / HOUR_MS) - 1;
  return moved(wire, hours * HOUR_MS);
}

function earliest(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const [, day, , hour] = new RegExp(DATED.source).exec(value) ?? [];
    if (day !== undefined) return Date.parse(`${day}T${hour}:00:00Z`);
  }
  const epoch = epochOf(value);
  if (epoch !== undefined) return epoch.at;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const child of Object.values(value)) {
    const found = earliest(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Units of 1 ms in which a time since 1970 is written, by its digits before the point. */
const UNITS: Readonly<Record<number, number>> = { 10: 1e-3, 13: 1, 16: 1e3, 19: 1e6 };

function epochOf(value: unknown): { readonly at: number; readonly unit: number } | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [, whole = ''] = /^(1[78][0-9]+)(?:\.[0-9]+)?$/.exec(text) ?? [];
  const unit = UNITS[whole.length];
  return unit === undefined ? undefined : { at: Number(text) / unit, unit };
}

function moved(value: unknown, byMs: number): unknown {
  const epoch = epochOf(value);
  if (epoch !== undefined) {
    if (typeof value === 'number') return value + byMs * epoch.unit;
    return String(BigInt(String(value).split('.')[0] ?? 0) + BigInt(byMs * epoch.unit));
  }
  if (typeof value === 'string')
    return value.replace(DATED, (_, day, between, hour) => later(day, between, hour, byMs));
  if (Array.isArray(value)) return value.map((item) => moved(item, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, moved(child, byMs)]));
}

function later(day: string, between: string, hour: string, byMs: number): string {
  const at = new Date(Date.parse(`${day}T${hour}:00:00Z`) + byMs).toISOString();
  return `${at.slice(0, 10)}${between}${at.slice(11, 13)}`;
}
