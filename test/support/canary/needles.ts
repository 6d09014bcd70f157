/** What is looked for: a piece of something planted, in one form it may have been written down in. */
interface Needle {
  readonly bytes: Buffer;
  readonly form: string;
  /** Which canary it is a piece of. */
  readonly of: number;
  /** A number counts only where no other digit stands next to it: times and ids are full of digits. */
  readonly alone: boolean;
}

export interface Sighting {
  readonly of: number;
  readonly form: string;
  readonly at: number;
}

/** Bytes of a needle that the index tells apart; none is shorter. */
const KEY = 8;
const HASH_BITS = 24;

const hashAt = (bytes: Buffer, at: number): number =>
  (Math.imul(bytes.readInt32LE(at), 0x9e3779b1) ^ Math.imul(bytes.readInt32LE(at + 4), 0x85ebca6b)) >>>
  (32 - HASH_BITS);

/**
 * Performance: hundreds of thousands of needles over hundreds of megabytes. A bit by the hash of the first eight bytes says
 * no at nearly every place; where it does not, a map says which needles to compare.
 */
export function openSearch(): {
  add(of: number, piece: string): void;
  search(bytes: Buffer): readonly Sighting[];
} {
  const begins = new Uint8Array(2 ** HASH_BITS / 8);
  const index = new Map<string, Needle[]>();

  function put(needle: Needle): void {
    const { bytes } = needle;
    if (bytes.length < KEY) throw new RangeError(`a needle of ${bytes.length} bytes would be found by chance`);
    const hash = hashAt(bytes, 0);
    begins[hash >>> 3] = (begins[hash >>> 3] ?? 0) | (1 << (hash & 7));
    const key = bytes.toString('latin1', 0, KEY);
    const known = index.get(key);
    if (known === undefined) index.set(key, [needle]);
    else known.push(needle);
  }

  return {
    add(of, piece) {
      const alone = /^[0-9]+$/.test(piece);
      for (const [form, text] of formsOf(piece))
        put({ bytes: Buffer.from(text), form, of, alone: alone && form === 'plain' });
    },
    search(bytes) {
      const found: Sighting[] = [];
      for (let at = 0; at + KEY <= bytes.length; at++) {
        const hash = hashAt(bytes, at);
        if ((((begins[hash >>> 3] ?? 0) >>> (hash & 7)) & 1) === 0) continue;
        for (const needle of index.get(bytes.toString('latin1', at, at + KEY)) ?? [])
          if (stands(needle, bytes, at)) found.push({ of: needle.of, form: needle.form, at });
      }
      return found;
    },
  };
}

function stands({ bytes: needle, alone }: Needle, bytes: Buffer, at: number): boolean {
  const end = at + needle.length;
  if (end > bytes.length || bytes.compare(needle, 0, needle.length, at, end) !== 0) return false;
  return !alone || !(isDigit(bytes[at - 1]) || isDigit(bytes[end]));
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** The ways a piece of text is written down, each once. */
function formsOf(piece: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(piece);
  const forms: readonly (readonly [string, string])[] = [
    ['percent', encodeURIComponent(piece)],
    ['JSON', JSON.stringify(piece).slice(1, -1)],
    ['plain', piece],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...[0, 1, 2].flatMap((offset): (readonly [string, string])[] => {
      const inner = base64At(bytes, offset);
      return [
        [`base64+${offset}`, inner],
        [`base64url+${offset}`, inner.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ];
  const names = new Map(forms.map(([form, text]) => [text, form]));
  return new Map([...names].map(([text, form]) => [form, text]));
}

/** Base64 of the bytes behind `offset` others, without the characters that these and what follows decide. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(first, whole);
}
