import { columnEnd } from './native-columns.ts';
import { varint } from './varint.ts';

/** Revisions of the native protocol from which a block begins with what it is, and a column says how it is written. */
const WITH_BLOCK_INFO = 1;
const WITH_CUSTOM_SERIALIZATION = 54_454;

/** Field 1, is_overflows: 0; field 2, bucket_num: -1; the end. */
const BLOCK_INFO = Uint8Array.of(1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0);
const AS_USUAL = Uint8Array.of(0);

/**
 * Blocks of `Native` as the engine writes them to files, made into those a client reads who names its revision
 * (`client_protocol_version`): ClickHouse's server does that, the engine in this process has no such setting.
 */
export function asNative(blocks: Uint8Array, revision: number): Uint8Array {
  if (revision < WITH_BLOCK_INFO) return blocks;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < blocks.length; ) {
    const columns = varint(blocks, at);
    const rows = varint(blocks, columns.next);
    parts.push(BLOCK_INFO, blocks.subarray(at, rows.next));
    at = rows.next;
    for (let column = 0; column < columns.value; column++) {
      const { type, next } = header(blocks, at);
      const end = columnEnd(blocks, next, type, rows.value);
      parts.push(blocks.subarray(at, next));
      if (revision >= WITH_CUSTOM_SERIALIZATION) parts.push(AS_USUAL);
      parts.push(blocks.subarray(next, end));
      at = end;
    }
  }
  return Buffer.concat(parts);
}

function header(blocks: Uint8Array, from: number): { readonly type: string; readonly next: number } {
  const name = varint(blocks, from);
  const type = varint(blocks, name.next + name.value);
  const next = type.next + type.value;
  return { type: Buffer.from(blocks.subarray(type.next, next)).toString(), next };
}
