import { readCarriage } from '../../core/carriage.ts';
import type { Headers } from '../../core/log.ts';
import type { Watermark } from '../../core/origin.ts';

/** Where the one event of a record comes from, by its headers. */
export interface Heading {
  readonly lineage: string;
  readonly mark: Watermark;
}

const [ZERO, NINE, COLON, SPACE] = [0x30, 0x39, 0x3a, 0x20];
/** As many digits make a safe integer whatever they are. */
const SAFE_DIGITS = 15;

/**
 * Reads headers, one record after the other. Records in a row come of the same raw partition and their numbers are short, so that
 * nothing is decoded; whatever is otherwise, `readCarriage` reads, which is also the twin in the test.
 */
export class Headings {
  #origin: Uint8Array = Buffer.alloc(0);
  #lineage = '';

  /** Undefined when the record does not carry the origin of one event. */
  read(headers: Headers): Heading | undefined {
    const { origin, index } = headers;
    const mark = index === undefined ? undefined : markOf(index);
    if (origin === undefined || mark === undefined) return slowly(headers);
    if (!isSame(origin, this.#origin)) {
      this.#origin = origin;
      this.#lineage = Buffer.from(origin.buffer, origin.byteOffset, origin.length).toString();
    }
    return { lineage: this.#lineage, mark };
  }
}

function slowly(headers: Headers): Heading | undefined {
  const carriage = readCarriage(headers);
  const [entry, ...more] = carriage?.entries ?? [];
  if (carriage === undefined || entry === undefined || more.length > 0) return undefined;
  return { lineage: carriage.lineage, mark: { offset: entry.offset, ordinal: entry.ordinal } };
}

/** Of `offset:ordinal:count:bytes:class/bucket`, where that is what it is. */
function markOf(index: Uint8Array): Watermark | undefined {
  let at = 0;
  let offset = 0;
  let ordinal = 0;
  for (let part = 0; part < 4; part++) {
    let number = 0;
    const first = at;
    for (; at < index.length && isDigit(index[at] ?? 0); at++) number = number * 10 + (index[at] ?? 0) - ZERO;
    const digits = at - first;
    if (digits === 0 || digits > SAFE_DIGITS || index[at++] !== COLON) return undefined;
    if (part === 0) offset = number;
    else if (part === 1) ordinal = number;
  }
  for (; at < index.length; at++) if (index[at] === SPACE || index[at] === COLON) return undefined;
  return { offset, ordinal };
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
