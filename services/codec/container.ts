import { createHash } from 'node:crypto';

const MAGIC = Buffer.from('Obj\u0001');

/**
 * An Avro object container file (Avro 1.12 specification) around datums encoded elsewhere: header, one block, null codec.
 * The sync marker is a function of the schema, so that the same datums give the same bytes. Where datums come in pieces,
 * `count` says how many they are.
 */
export function container(schemaJson: string, pieces: readonly Uint8Array[], count = pieces.length): Buffer {
  const sync = createHash('sha256').update(schemaJson).digest().subarray(0, 16);
  const metadata = [long(2), text('avro.schema'), text(schemaJson), text('avro.codec'), text('null'), long(0)];
  const head = Buffer.concat([MAGIC, ...metadata, sync]);
  if (count === 0) return head;
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([head, long(count), long(size), ...pieces, sync]);
}

/** Avro's long and int, from -2^52 on: zigzag, then base 128 with the lowest group first. */
export function long(value: number): Buffer {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  const bytes: number[] = [];
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([long(bytes.length), bytes]);
}
