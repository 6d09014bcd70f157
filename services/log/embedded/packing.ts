import type { Envelope, Headers, Outgoing } from '../../core/log.ts';

/** Before each record: timestamp (ms, float64), key length or -1, number of headers, value length (int32 each). */
const FRAME = 20;
/** Before each header: length of its name and of its value. */
const HEADER_FRAME = 8;
const NO_KEY = -1;

const none: Headers = Object.freeze({});

/** Bytes a record takes in a block. */
export function packedBytes({ key, headers, value }: Outgoing): number {
  let bytes = FRAME + (key?.byteLength ?? 0) + value.byteLength;
  for (const [name, content] of Object.entries(headers ?? none))
    bytes += HEADER_FRAME + Buffer.byteLength(name) + content.byteLength;
  return bytes;
}

/** Records one after the other, little endian. `now` stamps those that bring no timestamp of their own. */
export function pack(records: readonly Outgoing[], now: Date): Uint8Array {
  const block = Buffer.allocUnsafe(records.reduce((bytes, record) => bytes + packedBytes(record), 0));
  let at = 0;
  for (const { key, headers = none, value, timestamp = now } of records) {
    const fields = Object.entries(headers);
    block.writeDoubleLE(timestamp.getTime(), at);
    block.writeInt32LE(key?.byteLength ?? NO_KEY, at + 8);
    block.writeInt32LE(fields.length, at + 12);
    block.writeInt32LE(value.byteLength, at + 16);
    at += FRAME;
    for (const [name, content] of fields) {
      const length = block.write(name, at + HEADER_FRAME);
      block.writeInt32LE(length, at);
      block.writeInt32LE(content.byteLength, at + 4);
      block.set(content, at + HEADER_FRAME + length);
      at += HEADER_FRAME + length + content.byteLength;
    }
    if (key !== undefined) block.set(key, at);
    block.set(value, at + (key?.byteLength ?? 0));
    at += (key?.byteLength ?? 0) + value.byteLength;
  }
  return block;
}

/** Reads a block back. Keys, header values and values are views of it. */
export function unpack(bytes: Uint8Array, topic: string, partition: number, first: number): Envelope[] {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Envelope[] = [];
  for (let at = 0, offset = first; at < block.length; offset++) {
    const receivedAt = new Date(block.readDoubleLE(at));
    const keyLength = block.readInt32LE(at + 8);
    const fields = block.readInt32LE(at + 12);
    const valueLength = block.readInt32LE(at + 16);
    at += FRAME;
    const headers: [string, Uint8Array][] = [];
    for (let field = 0; field < fields; field++) {
      const nameEnd = at + HEADER_FRAME + block.readInt32LE(at);
      const end = nameEnd + block.readInt32LE(at + 4);
      headers.push([block.toString('utf8', at + HEADER_FRAME, nameEnd), block.subarray(nameEnd, end)]);
      at = end;
    }
    const keyEnd = at + Math.max(0, keyLength);
    records.push({
      topic,
      partition,
      offset,
      receivedAt,
      key: keyLength === NO_KEY ? undefined : block.subarray(at, keyEnd),
      headers: fields === 0 ? none : Object.fromEntries(headers),
      value: block.subarray(keyEnd, keyEnd + valueLength),
    });
    at = keyEnd + valueLength;
  }
  return records;
}
