import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import * as snappy from './snappy.ts';

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const types = kafkajs.CompressionTypes;

/** kafkajs' name of a codec. */
export const compressionType = {
  none: types.None,
  gzip: types.GZIP,
  snappy: types.Snappy,
  lz4: types.LZ4,
  zstd: types.ZSTD,
} as const satisfies Record<Compression, kafkajs.CompressionTypes>;

/** A record batch that unpacks to more than this is refused rather than taking the process down with it. */
const LIMIT = { maxOutputLength: 512 * 1024 ** 2, chunkSize: 1024 ** 2 };
/** Half the time of zstd's own default level, for a twentieth more bytes. */
const QUICK = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A record batch that cannot be read now never can be: kafkajs must not retry it for ever without a word. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
  readonly retriable = false;
}

interface Codec {
  compress(plain: Buffer): Buffer;
  decompress(packed: Buffer): Buffer;
}

/** LZ4 is the frame format (KIP-57), which record batches of version 2 use unchanged. */
const codecs: Readonly<Record<Exclude<Compression, 'none'>, Codec>> = {
  gzip: { compress: (plain) => gzipSync(plain), decompress: (packed) => gunzipSync(packed, LIMIT) },
  snappy,
  lz4: { compress: (plain) => compressFrameSync(plain), decompress: (packed) => decompressFrameSync(packed) },
  zstd: {
    compress: (plain) => zstdCompressSync(plain, QUICK),
    decompress: (packed) => zstdDecompressSync(packed, LIMIT),
  },
};

const PACKED = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Packs by the codec with this number in a record batch. */
export function pack(plain: Buffer, number: number): Buffer {
  const codec = numbered(number);
  return codec === undefined ? plain : codecs[codec].compress(plain);
}

/** Undoes `pack`. */
export function unpack(packed: Buffer, number: number): Buffer {
  const codec = numbered(number);
  if (codec === undefined) return packed;
  try {
    return codecs[codec].decompress(packed);
  } catch (cause) {
    throw new Undecodable(`a record batch is not ${codec}`, { cause });
  }
}

function numbered(number: number): (typeof PACKED)[number] | undefined {
  if (number === types.None) return undefined;
  const codec = PACKED.find((known) => compressionType[known] === number);
  if (codec === undefined) throw new Undecodable(`a record batch is packed by codec ${number}, which nobody knows`);
  return codec;
}

/** kafkajs keeps its codecs in one table for the process and brings gzip alone. */
export function registerCodecs(): void {
  for (const name of PACKED)
    kafkajs.CompressionCodecs[compressionType[name]] = () => ({
      compress: async ({ buffer }: { readonly buffer: Buffer }) => codecs[name].compress(buffer),
      decompress: async (packed: Buffer) => unpack(packed, compressionType[name]),
    });
}
