import { decoded } from './lines.ts';
import type { Cursor } from './report.ts';

// ---- What an event's bytes say: Avro 1.12 binary, by the schema beside them

function take(cursor: Cursor, length: number): Buffer {
  if (!(length >= 0 && cursor.at + length <= cursor.bytes.length)) throw new RangeError('its bytes are cut short');
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** Exact up to 2^53, as far as any number of an event goes. */
function long(cursor: Cursor): number {
  let [sum, weight, byte] = [0, 1, 128];
  for (; byte > 127; weight *= 128) {
    byte = take(cursor, 1)[0] ?? 0;
    sum += (byte & 127) * weight;
  }
  return sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2;
}

/** Texts (t; s where they are passed over) and whole numbers (n) that public bytes begin with, up to the outcome, by version. */
const LAYOUTS: ReadonlyMap<unknown, string> = new Map([[1, 'tnnsnnnnssnsnnsssstt']]);
/** Microseconds since 1970 as RFC 3339 with all six digits. */
export const instant = (micros: number): string =>
  `${new Date(Math.floor(micros / 1e6) * 1e3).toISOString().slice(0, 19)}.${String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0')}Z`;

function read(bytes: Buffer, layout: string): readonly (string | number)[] {
  const cursor = { bytes, at: 0 };
  const text = () => take(cursor, long(cursor));
  const one = (kind: string) =>
    kind === 't' ? decoded(text(), 'its bytes') : kind === 's' ? text().length : long(cursor);
  return [...layout].map(one);
}

/** What public bytes say. The layout is not taken from the bundle, whose schema might read other words out of them. */
export function publicWords(bytes: Buffer): Readonly<Record<string, unknown>> {
  const layout = LAYOUTS.get(read(bytes, 'tn')[1]);
  if (layout === undefined) throw new RangeError('is of a schema that this verifier does not know');
  const said = read(bytes, layout);
  return { event_id: said[0], occurred_at: instant(Number(said[10])), action: said[18], outcome: said[19] };
}

/** Whom personal bytes name: by address, else by id. */
export const actorIn = (bytes: Buffer): unknown => read(bytes, 'tt').findLast((one) => one !== '') ?? '';
