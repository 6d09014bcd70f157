import { deflateRawSync } from 'node:zlib';
import { headers } from '../../../services/evidence/zip.ts';
import { type Judging, judge, newTally, type Tally } from './tally.ts';
import { type Files, stored } from './zips.ts';

/** Zips that would do harm to who unpacks or reads them, and how each is made of a good one. */
const HOSTILE: readonly (readonly [string, (files: Files) => Buffer])[] = [
  ...[
    '../escape',
    '/etc/passwd',
    'a/../../b',
    'C:\\x',
    'a\\..\\b',
    '.hidden',
    'a\u0000b',
    'ev\u0131l',
    'e\u202Etxt',
  ].map((name): readonly [string, (files: Files) => Buffer] => [
    `a name like ${shown(name)}`,
    (files) => named(files, name),
  ]),
  [
    'one name twice',
    (files) => replaced(stored(new Map([...files, ['README.tx2', Buffer.from('x')]])), 'README.tx2', 'README.txt'),
  ],
  ['names that differ in case', (files) => stored(new Map([...files, ['Readme.TXT', Buffer.from('x')]]))],
  ['a symbolic link', (files) => attributed(stored(files), 0o120777)],
  ['a folder', (files) => attributed(stored(files), 0o040755)],
  ['more unpacked than is listed', (files) => bomb(files, 10)],
  ['bytes behind what is packed', trailing],
  ['bytes before the first file', (files) => Buffer.concat([Buffer.from('x'), stored(files)])],
  ['bytes behind the end', (files) => Buffer.concat([stored(files), Buffer.from('x')])],
  ['a comment at the end', (files) => commented(stored(files))],
  ['two files at one place', overlapping],
  ['an encrypted file', (files) => flagged(stored(files), 6, 1)],
  ['another way of packing', (files) => flagged(stored(files), 8, 12)],
  [
    'a list of contents of another zip',
    (files) => Buffer.concat([stored(files), stored(new Map([...files].slice(0, 3)))]),
  ],
];

export async function hostileZips(files: Files, judging: Judging): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const [kind, make] of HOSTILE) {
    const tally = newTally(kind);
    await judge(tally, make(files), [], judging);
    tallies.push(tally);
  }
  return tallies;
}

/** As a table may hold it: in ASCII. */
function shown(name: string): string {
  return name.replaceAll(/[^ -~]/g, (mark) => `U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Names are written as Latin-1, so a name keeps its length. */
const replaced = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

function named(files: Files, name: string): Buffer {
  const other = Buffer.from(name).toString('latin1');
  const placeholder = 'q'.repeat(other.length);
  return replaced(stored(new Map([...files, [placeholder, Buffer.from('x')]])), placeholder, other);
}

const listed = (bytes: Buffer): number => bytes.indexOf('PK\x01\x02', 0, 'latin1');

function attributed(bytes: Buffer, mode: number): Buffer {
  bytes.writeUInt32LE(mode * 2 ** 16, listed(bytes) + 38);
  return bytes;
}

function flagged(bytes: Buffer, place: number, value: number): Buffer {
  bytes.writeUInt16LE(value, place);
  bytes.writeUInt16LE(value, listed(bytes) + place + 2);
  return bytes;
}

function packed(files: Files, bytes: Buffer, size: number): Buffer {
  const name = 'verify.mjs';
  const others = [...files].filter(([one]) => one !== name);
  const zip = stored(new Map(others));
  const start = zip.readUInt32LE(zip.length - 6);
  let at = 0;
  const entries = [
    ...others.map(([one, content]) => {
      const entry = { name: one, method: 0, crc: 0, packed: content.length, size: content.length, at };
      at += 30 + one.length + content.length;
      return entry;
    }),
    { name, method: 8, crc: 0, packed: bytes.length, size, at: start },
  ];
  const { locals, end } = headers(entries, start + 30 + name.length + bytes.length);
  const body = others.flatMap(([, content], index) => [locals[index] ?? end, content]);
  return Buffer.concat([...body, locals.at(-1) ?? end, bytes, end]);
}

const bomb = (files: Files, size: number): Buffer => packed(files, deflateRawSync(Buffer.alloc(64 * 1024 ** 2)), size);

function trailing(files: Files): Buffer {
  const content = files.get('verify.mjs') ?? Buffer.of();
  return packed(files, Buffer.concat([deflateRawSync(content), Buffer.from('x')]), content.length);
}

function commented(bytes: Buffer): Buffer {
  bytes.writeUInt16LE(1, bytes.length - 2);
  return Buffer.concat([bytes, Buffer.from('x')]);
}

function overlapping(files: Files): Buffer {
  const bytes = stored(files);
  const second = bytes.indexOf('PK\x01\x02', listed(bytes) + 4, 'latin1');
  bytes.writeUInt32LE(0, second + 42);
  return bytes;
}
