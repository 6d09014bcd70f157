import { Buffer, isUtf8 } from 'node:buffer';
import { unframe } from './wire.ts';

/** Longest message, in bytes. */
export const LONGEST_MESSAGE = 8 * 1024 * 1024;

export type Text =
  | { readonly ok: true; readonly value: string }
  /** What is wrong, and where: a byte counted from 0, or `message`. Quotes no value. */
  | { readonly ok: false; readonly reason: string };

/** Reads a message as plain text. Never throws. */
export function readText(bytes: Uint8Array): Text {
  const alien = notText(bytes, LONGEST_MESSAGE, 'text');
  if (alien !== undefined) return { ok: false, reason: alien };
  const nul = bytes.indexOf(0);
  return nul < 0 ? { ok: true, value: asText(bytes) } : { ok: false, reason: `byte ${nul}: is NUL` };
}

/** What is wrong before any grammar: no bytes, too many, a binary format by its first bytes, a broken character. */
export function notText(bytes: Uint8Array, most: number, expected: string): string | undefined {
  if (bytes.length === 0) return 'message: is empty';
  if (bytes.length > most) return `message: is ${bytes.length} bytes long, more than ${most}`;
  if (!FIRST.has(bytes[0] ?? 0)) return isUtf8(bytes) ? undefined : `byte ${brokenAt(bytes)}: is not UTF-8`;
  const schemaId = unframe(bytes)?.schemaId;
  if (schemaId !== undefined)
    return `byte 0: looks like the Confluent wire format with schema id ${schemaId}, not ${expected}`;
  const known = MAGIC.find(({ magic }) => magic.every((byte, index) => bytes[index] === byte));
  if (known !== undefined) return `byte 0: looks like ${known.name}, not ${expected}`;
  return isUtf8(bytes) ? undefined : `byte ${brokenAt(bytes)}: is not UTF-8`;
}

const MAGIC: readonly { readonly name: string; readonly magic: readonly number[] }[] = [
  { name: 'a byte order mark (UTF-8)', magic: [0xef, 0xbb, 0xbf] },
  { name: 'a byte order mark (UTF-16)', magic: [0xff, 0xfe] },
  { name: 'a byte order mark (UTF-16)', magic: [0xfe, 0xff] },
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'an Avro container file', magic: [0x4f, 0x62, 0x6a, 0x01] },
];

/** Whatever is told by its first bytes begins with one of these: most messages do not. */
const FIRST: ReadonlySet<number> = new Set([0, ...MAGIC.flatMap(({ magic }) => magic.slice(0, 1))]);

const REPLACEMENT = '\ufffd';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/** The first byte that begins no character: where decoding put a replacement character that the bytes do not hold. */
function brokenAt(bytes: Uint8Array): number {
  let at = 0;
  for (const sound of asText(bytes).split(REPLACEMENT)) {
    at += Buffer.byteLength(sound);
    if (!REPLACEMENT_BYTES.equals(bytes.subarray(at, at + REPLACEMENT_BYTES.length))) return at;
    at += REPLACEMENT_BYTES.length;
  }
  return at;
}

/** `Buffer` rather than `TextDecoder`: a third of the time for short messages, and it keeps a byte order mark. */
export function asText(bytes: Uint8Array): string {
  if (bytes instanceof Buffer) return bytes.toString();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}
