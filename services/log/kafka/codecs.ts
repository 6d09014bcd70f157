import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
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
const LIMIT = { maxOutputLength: 512 * 1024 ** 2 };

/** A batch that cannot be unpacked now never can be: kafkajs must not retry it for ever without a word. */
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
  zstd: { compress: (plain) => zstdCompressSync(plain), decompress: (packed) => zstdDecompressSync(packed, LIMIT) },
};

/** kafkajs keeps its codecs in one table for the process and brings gzip alone. */
export function registerCodecs(): void {
  for (const name of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const { compress, decompress } = codecs[name];
    kafkajs.CompressionCodecs[compressionType[name]] = () => ({
      compress: async ({ buffer }: { readonly buffer: Buffer }) => compress(buffer),
      async decompress(packed: Buffer) {
        try {
          return decompress(packed);
        } catch (cause) {
          throw new Undecodable(`a record batch is not ${name}`, { cause });
        }
      },
    });
  }
}
