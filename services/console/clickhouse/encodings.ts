import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  gunzip,
  inflate,
  zstdDecompress,
} from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';

type Pieces = AsyncIterable<Uint8Array>;

/** Content codings of HTTP, as ClickHouse prefers them. `deflate` is zlib's format, as RFC 9110 has it. */
const CODINGS: ReadonlyMap<string, (pieces: Pieces) => Pieces> = new Map([
  ['zstd', (pieces: Pieces) => through(pieces, createZstdCompress())],
  ['br', (pieces) => through(pieces, createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }))],
  ['lz4', lz4Frames],
  ['gzip', (pieces) => through(pieces, createGzip({ level: 3 }))],
  ['deflate', (pieces) => through(pieces, createDeflate({ level: 3 }))],
]);

/** The first of ours that the client takes; undefined: the bytes as they are. */
export function codingFor(header: string | undefined): string | undefined {
  const taken = (header ?? '')
    .split(',')
    .map((each) => each.trim().split(/\s*;\s*/))
    .filter(([, weight]) => !/^q=0(?:\.0+)?$/i.test(weight ?? ''))
    .map(([name = '']) => name.toLowerCase());
  return [...CODINGS.keys()].find((name) => taken.includes(name));
}

export function encoded(pieces: Pieces, coding: string | undefined): Pieces {
  const encode = coding === undefined ? undefined : CODINGS.get(coding);
  return encode === undefined ? pieces : encode(pieces);
}

async function* through(pieces: Pieces, coder: Duplex): AsyncGenerator<Uint8Array> {
  const fed = pipeline(Readable.from(pieces), coder);
  // What breaks the pieces breaks the coder, which is read here; ending early is no error.
  fed.catch(() => {});
  yield* coder;
  await fed;
}

async function* lz4Frames(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    yield compressFrameSync(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
}

export type Decoded = { readonly ok: true; readonly plain: Buffer } | { readonly ok: false; readonly reason: string };

type Decoder = (body: Buffer, most: { readonly maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', (body, most) => promisify(gunzip)(body, most)],
  ['deflate', (body, most) => promisify(inflate)(body, most)],
  ['br', (body, most) => promisify(brotliDecompress)(body, most)],
  ['zstd', (body, most) => promisify(zstdDecompress)(body, most)],
]);

/** The body of a request without its content coding: `most` bytes of it. */
export async function decoded(body: Buffer, coding: string | undefined, most: number): Promise<Decoded> {
  if (coding === undefined || coding === 'identity' || body.length === 0) return { ok: true, plain: body };
  const decode = DECODERS.get(coding.toLowerCase());
  if (decode === undefined) return { ok: false, reason: 'Content-Encoding is gzip, deflate, br or zstd' };
  try {
    return { ok: true, plain: await decode(body, { maxOutputLength: most }) };
  } catch {
    return { ok: false, reason: `the body is no ${coding.toLowerCase()}, or of more than ${most} bytes` };
  }
}
