import { setImmediate } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { compressSync, uncompressSync } from 'lz4-napi';
import { cityHash128 } from './city-hash.ts';

/** ClickHouse's own compression (`compress=1`, `decompress=1`): blocks of a checksum, a header and what is packed. */
export type Method = 'LZ4' | 'ZSTD' | 'NONE';

const METHOD_BYTES: Readonly<Record<Method, number>> = { LZ4: 0x82, ZSTD: 0x90, NONE: 0x02 };

const CHECKSUM = 16;
const HEADER = 9;

/** A block's checksum is reckoned in one go, and everything else waits for it. */
const BLOCK = 64 * 1024;

export async function* framed(pieces: AsyncIterable<Uint8Array>, method: Method): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += BLOCK) {
      yield block(piece.subarray(at, at + BLOCK), method);
      await setImmediate();
    }
  }
}

function block(plain: Uint8Array, method: Method): Buffer {
  const packed = pack(plain, method);
  const framed = Buffer.alloc(CHECKSUM + HEADER + packed.length);
  framed[CHECKSUM] = METHOD_BYTES[method];
  framed.writeUInt32LE(HEADER + packed.length, CHECKSUM + 1);
  framed.writeUInt32LE(plain.length, CHECKSUM + 5);
  framed.set(packed, CHECKSUM + HEADER);
  const { low, high } = cityHash128(framed.subarray(CHECKSUM));
  framed.writeBigUInt64LE(low, 0);
  framed.writeBigUInt64LE(high, 8);
  return framed;
}

/** lz4-napi puts the length before what it packs; ClickHouse has it in the header. */
function pack(plain: Uint8Array, method: Method): Uint8Array {
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  if (method === 'LZ4') return compressSync(bytes).subarray(4);
  return method === 'ZSTD' ? zstdCompressSync(bytes) : bytes;
}

export type Unframed = { readonly ok: true; readonly plain: Buffer } | { readonly ok: false; readonly reason: string };

/** The blocks of a request's body, unpacked: `most` bytes of it. */
export function unframe(framed: Buffer, most: number): Unframed {
  const parts: Buffer[] = [];
  let [at, total] = [0, 0];
  while (at < framed.length) {
    if (framed.length < at + CHECKSUM + HEADER) return refuse('a block ends within its header');
    const size = framed.readUInt32LE(at + CHECKSUM + 1);
    const length = framed.readUInt32LE(at + CHECKSUM + 5);
    total += length;
    if (total > most) return refuse(`more than ${most} bytes`);
    const end = at + CHECKSUM + size;
    if (size < HEADER || end > framed.length) return refuse('a block ends before its time');
    const { low, high } = cityHash128(framed.subarray(at + CHECKSUM, end));
    if (framed.readBigUInt64LE(at) !== low || framed.readBigUInt64LE(at + 8) !== high)
      return refuse('a block does not match its checksum');
    const plain = unpack(framed[at + CHECKSUM], framed.subarray(at + CHECKSUM + HEADER, end), length);
    if (plain?.length !== length) return refuse('a block cannot be unpacked');
    parts.push(plain);
    at = end;
  }
  return { ok: true, plain: Buffer.concat(parts) };
}

const refuse = (reason: string): Unframed => ({ ok: false, reason });

function unpack(method: number | undefined, packed: Buffer, length: number): Buffer | undefined {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(length);
  try {
    if (method === METHOD_BYTES.LZ4) return uncompressSync(Buffer.concat([prefix, packed]));
    if (method === METHOD_BYTES.ZSTD) return zstdDecompressSync(packed, { maxOutputLength: Math.max(length, 1) });
    return method === METHOD_BYTES.NONE ? packed : undefined;
  } catch {
    return undefined;
  }
}
