import { gzipSync, zstdCompressSync } from 'node:zlib';
import { around, ENDPOINT, ENVELOPE, GATEWAY, type Hostile, hostile, MCP } from './message.ts';

/** Bytes that are no text, or text in another coat. */
export function text(): readonly Hostile[] {
  return [...brokenUtf8(), ...coats()];
}

/** Byte sequences that UTF-8 rules out (RFC 3629; Unicode 15, table 3-7). */
const BROKEN: readonly (readonly [string, readonly number[]])[] = [
  ['a continuation byte alone', [0x80]],
  ['the last continuation byte alone', [0xbf]],
  ['two bytes, cut after one', [0xc3]],
  ['two bytes, then no continuation', [0xc3, 0x28]],
  ['three bytes, cut after one', [0xe2]],
  ['three bytes, cut after two', [0xe2, 0x82]],
  ['three bytes, then no continuation', [0xe2, 0x28, 0xa1]],
  ['four bytes, cut after one', [0xf0]],
  ['four bytes, cut after three', [0xf0, 0x9f, 0x98]],
  ['an overlong slash of two bytes', [0xc0, 0xaf]],
  ['an overlong slash of three bytes', [0xe0, 0x80, 0xaf]],
  ['an overlong slash of four bytes', [0xf0, 0x80, 0x80, 0xaf]],
  ['an overlong NUL (modified UTF-8)', [0xc0, 0x80]],
  ['the longest overlong of two bytes', [0xc1, 0xbf]],
  ['a high surrogate', [0xed, 0xa0, 0x80]],
  ['a low surrogate', [0xed, 0xbf, 0xbf]],
  ['a surrogate pair (CESU-8)', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['a character past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['six bytes', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
  ['0xFE', [0xfe]],
  ['0xFF', [0xff]],
  ['Latin-1', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]],
  ['Windows-1252 quotes', [0x93, 0x78, 0x94]],
  ['Shift JIS', [0x83, 0x65, 0x83, 0x58, 0x83, 0x67]],
];

function brokenUtf8(): Hostile[] {
  const [quote] = Buffer.from('"');
  return [
    ...BROKEN.map(([name, bytes]) =>
      hostile(
        ENDPOINT,
        `UTF-8: ${name}`,
        () => around(Uint8Array.from([quote ?? 0, ...bytes, quote ?? 0])),
        /^byte 2\d\d: is not UTF-8$/,
      ),
    ),
    hostile(
      ENDPOINT,
      'UTF-8: broken in a key',
      () => around(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
      /^byte \d+: /,
    ),
    hostile(
      ENDPOINT,
      'UTF-8: broken after the message',
      () => Buffer.concat([around('1'), Buffer.from([0xc3])]),
      /^byte \d+: /,
    ),
    hostile(
      GATEWAY,
      'random bytes',
      () => Uint8Array.from({ length: 512 }, (_, index) => (index * 167 + 131) % 256),
      /^byte \d+: /,
    ),
  ];
}

/** What a sound message looks like when somebody wraps it. */
function coats(): Hostile[] {
  const sound = JSON.stringify(ENVELOPE);
  const bytes = Buffer.from(sound);
  const confluent = (id: number) => Buffer.concat([Buffer.from([0, 0, 0, id >> 8, id & 0xff]), bytes]);
  const base64 = () => bytes.toString('base64');
  return [
    hostile(ENDPOINT, 'nothing at all', () => '', /^message: is empty$/),
    hostile(ENDPOINT, 'a byte order mark', () => `\ufeff${sound}`, /^byte 0: /),
    hostile(
      GATEWAY,
      'UTF-16, little endian, with its mark',
      () => Buffer.from(`\ufeff${sound}`, 'utf16le'),
      /^byte 0: /,
    ),
    hostile(GATEWAY, 'UTF-16, little endian', () => Buffer.from(sound, 'utf16le'), /^byte 1: /),
    hostile(GATEWAY, 'UTF-16, big endian', () => Buffer.from(sound, 'utf16le').swap16(), /^byte 0: /),
    hostile(MCP, 'Confluent wire format of schema 1', () => confluent(1), /^byte 0: .*schema id 1\b/),
    hostile(MCP, 'Confluent wire format of an unknown schema', () => confluent(40_000), /^byte 0: .*schema id 40000\b/),
    hostile(MCP, 'Confluent wire format, cut in its header', () => Buffer.from([0, 0, 0]), /^byte 0: /),
    hostile(MCP, 'Confluent wire format without a datum', () => Buffer.from([0, 0, 0, 0, 7]), /^byte 0: /),
    hostile(ENDPOINT, 'gzip', () => gzipSync(bytes), /^byte 0: looks like gzip/),
    hostile(ENDPOINT, 'zstd', () => zstdCompressSync(bytes), /^byte 0: looks like zstd/),
    hostile(
      ENDPOINT,
      'an Avro container file',
      () => Buffer.concat([Buffer.from('Obj\u0001'), bytes]),
      /^byte 0: .*Avro/,
    ),
    hostile(ENDPOINT, 'base64', base64, /^byte 0: /),
    hostile(ENDPOINT, 'base64 in quotes', () => JSON.stringify(base64()), /^message: /),
    hostile(ENDPOINT, 'JSON in JSON', () => JSON.stringify(sound), /^message: /),
    hostile(ENDPOINT, 'a message with NULs around it', () => `\0\0${sound}\0`, /^byte 0: /),
    hostile(ENDPOINT, 'a message padded with NULs', () => `${sound}\0\0\0`, /^byte \d+: /),
  ];
}
