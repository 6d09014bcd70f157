import { gunzipSync } from 'node:zlib';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { uncompressSync } from 'snappy';
import { z } from 'zod';

export type Pairs = readonly (readonly [name: string, value: string])[];

export interface Entry {
  readonly nanos: bigint;
  readonly line: string;
  readonly metadata: Pairs;
}

/** Labels are a selector in protobuf and an object in JSON. */
export interface PushedStream {
  readonly labels: string | Pairs;
  readonly entries: readonly Entry[];
}

/** The streams of a body, or what is wrong with it. */
export function decode(
  body: Buffer,
  type: string | undefined,
  encoding: string | undefined,
): readonly PushedStream[] | string {
  try {
    if (type === 'application/json') {
      if (encoding !== undefined && encoding !== 'gzip') return `Content-Encoding "${encoding}" not supported`;
      return readJson(encoding === 'gzip' ? gunzipSync(body) : body);
    }
    if (type !== 'application/x-protobuf') return 'mime: no media type';
    if (encoding !== undefined && encoding !== 'snappy') return `Content-Encoding "${encoding}" not supported`;
    return readPush(Buffer.from(uncompressSync(body, { asBuffer: true })));
  } catch (error) {
    return error instanceof Error ? error.message : 'unreadable';
  }
}

const digits = z.string().regex(/^\d+$/);
const json = z.strictObject({
  streams: z.array(
    z.strictObject({
      stream: z.record(z.string(), z.string()),
      values: z.array(
        z.union([z.tuple([digits, z.string()]), z.tuple([digits, z.string(), z.record(z.string(), z.string())])]),
      ),
    }),
  ),
});

function readJson(body: Buffer): readonly PushedStream[] {
  return json.parse(JSON.parse(body.toString())).streams.map(({ stream, values }) => ({
    labels: Object.entries(stream),
    entries: values.map(([nanos, line, metadata]) => ({
      nanos: BigInt(nanos),
      line,
      metadata: Object.entries(metadata ?? {}),
    })),
  }));
}

/** logproto.PushRequest. A field that is not of the contract is an error here, where Loki would skip it. */
export function readPush(bytes: Uint8Array): readonly PushedStream[] {
  const streams: PushedStream[] = [];
  read(bytes, { 1: (r) => streams.push(readStream(r.bytes())) });
  return streams;
}

function readStream(bytes: Uint8Array): PushedStream {
  let labels = '';
  const entries: Entry[] = [];
  read(bytes, {
    1: (r) => {
      labels = r.string();
    },
    2: (r) => entries.push(readEntry(r.bytes())),
  });
  return { labels, entries };
}

function readEntry(bytes: Uint8Array): Entry {
  let nanos = 0n;
  let line = '';
  const metadata: [string, string][] = [];
  read(bytes, {
    1: (r) => {
      nanos = readTimestamp(r.bytes());
    },
    2: (r) => {
      line = r.string();
    },
    3: (r) => metadata.push(readPair(r.bytes())),
  });
  return { nanos, line, metadata };
}

function readTimestamp(bytes: Uint8Array): bigint {
  let nanos = 0n;
  const fields: Fields = {
    1: (r) => {
      nanos += BigInt(r.int64()) * 1_000_000_000n;
    },
    2: (r) => {
      nanos += BigInt(r.int32());
    },
  };
  read(bytes, fields, WireType.Varint);
  return nanos;
}

function readPair(bytes: Uint8Array): [string, string] {
  const pair: [string, string] = ['', ''];
  read(bytes, {
    1: (r) => {
      pair[0] = r.string();
    },
    2: (r) => {
      pair[1] = r.string();
    },
  });
  return pair;
}

type Fields = Readonly<Record<number, (reader: BinaryReader) => unknown>>;

function read(bytes: Uint8Array, fields: Fields, wireType = WireType.LengthDelimited): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const take = fields[field];
    if (take === undefined || type !== wireType) throw new Error(`proto: illegal field ${field} of wire type ${type}`);
    take(reader);
  }
}
