import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { uncompressSync } from 'lz4-napi';

/** Where something of somebody was found. */
export interface Trace {
  readonly file: string;
  readonly text: string;
}

export interface Searched {
  readonly files: number;
  readonly bytes: number;
  readonly traces: readonly Trace[];
}

/** Searches every file below a folder for texts, and what the store's files hold when they are unpacked. `pattern` finds candidates. */
export function search(folder: string, pattern: RegExp, sought: ReadonlySet<string>): Searched {
  let [files, bytes] = [0, 0];
  const traces: Trace[] = [];
  for (const entry of globSync('**/*', { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = path.slice(folder.length + 1);
    files++;
    for (const piece of unpacked(readFileSync(path))) {
      bytes += piece.length;
      for (const [text] of piece.toString('latin1').matchAll(pattern))
        if (sought.has(text.toLowerCase())) traces.push({ file, text });
    }
  }
  return { files, bytes, traces };
}

/** A block of ClickHouse's files: checksum, method, both sizes, bytes. */
const [CHECKSUM, HEAD] = [16, 9];
const METHODS: Readonly<Record<number, (packed: Buffer, size: number) => Buffer>> = {
  2: (packed) => packed,
  130: (packed, size) => {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(size);
    return uncompressSync(Buffer.concat([prefix, packed]));
  },
  144: (packed) => zstdDecompressSync(packed),
};
/** Several codecs one after the other: columns of numbers alone have them. */
const SEVERAL = 145;

/** Blocks in a row as what they hold; any other file as it is. */
function* unpacked(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; ) {
    const head = at + CHECKSUM;
    const method = file.length >= head + HEAD ? file.readUInt8(head) : -1;
    const packed = method < 0 ? 0 : file.readUInt32LE(head + 1);
    const open = METHODS[method];
    if ((open === undefined && method !== SEVERAL) || packed < HEAD || head + packed > file.length) {
      yield file.subarray(at);
      return;
    }
    if (open !== undefined) yield open(file.subarray(head + HEAD, head + packed), file.readUInt32LE(head + 5));
    at = head + packed;
  }
}
