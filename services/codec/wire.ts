import { WIRE_HEADER } from '../core/carriage.ts';

/** Confluent wire format: a zero byte, the schema id as 4 bytes big endian, then the datum (here: one or more of them). */
export function frame(schemaId: number, datums: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(WIRE_HEADER);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, ...datums]);
}

export interface Framed {
  readonly schemaId: number;
  readonly body: Uint8Array;
}

/** Undefined when the bytes do not begin as the wire format does. */
export function unframe(value: Uint8Array): Framed | undefined {
  if (value.length < WIRE_HEADER || value[0] !== 0) return undefined;
  const schemaId = new DataView(value.buffer, value.byteOffset).getUint32(1);
  return { schemaId, body: value.subarray(WIRE_HEADER) };
}
