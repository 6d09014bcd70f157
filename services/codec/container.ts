import { createHash } from 'node:crypto';

const MAGIC = Buffer.from('Obj\u0001');

/**
 * An Avro object container file (Avro 1.12 specification) around datums encoded elsewhere: header, one block, null codec.
 * The sync marker is a function of the schema, so that the same datums give the same bytes.
 */
export function container(schemaJson: string, datums: readonly Uint8Array[]): Buffer {
  const sync = createHash('sha256').update(schemaJson).digest().subarray(0, 16);
  const metadata = [long(2), text('avro.schema'), text(schemaJson), text('avro.codec'), text('null'), long(0)];
  const head = Buffer.concat([MAGIC, ...metadata, sync]);
  if (datums.length === 0) return head;
  const size = datums.reduce((sum, datum) => sum + datum.length, 0);
  return Buffer.concat([head, long(datums.length), long(size), ...datums, sync]);
}

/** Avro's long and int: zigzag, then base 128 with the lowest group first. */
export function long(value: number): Buffer {
  let rest = value >= 0 ? BigInt(value) << 1n : (-BigInt(value) << 1n) - 1n;
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([long(bytes.length), bytes]);
}
