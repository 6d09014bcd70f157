import { ProtoWriter, varintSize } from '../proto-writer.ts';

/** Tags of KeyValue and AnyValue: the field's number and wire type in one byte. */
const KEY = 0x0a;
const VALUE = 0x12;
const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const KVLIST = 0x32;
const ITEM = 0x0a;

/** A key as a KeyValue starts: with its tag and length. */
export type Key = Uint8Array;

export function keyOf(name: string): Key {
  const writer = new ProtoWriter(64);
  writer.byte(KEY);
  writer.text(name);
  return writer.finish();
}

/** For a key that is not known beforehand. */
export function putEntry(writer: ProtoWriter, tag: number, name: string, text: string): void {
  writer.byte(tag);
  const start = writer.open(1);
  writer.byte(KEY);
  writer.text(name);
  putValue(writer, VALUE, text);
  writer.close(start, 1);
}

/** The KeyValue under `tag` whose value `write` writes. */
function pair(writer: ProtoWriter, tag: number, key: Key, write: () => void): void {
  writer.byte(tag);
  const start = writer.open(1);
  writer.raw(key);
  writer.byte(VALUE);
  const value = writer.open(1);
  write();
  writer.close(value, 1);
  writer.close(start, 1);
}

export function putText(writer: ProtoWriter, tag: number, key: Key, text: string): void {
  writer.byte(tag);
  const start = writer.open(1);
  writer.raw(key);
  putValue(writer, VALUE, text);
  writer.close(start, 1);
}

/** The same of a text that is UTF-8 in other memory; false, and nothing written, where not all of it is ASCII. */
export function putBytes(
  writer: ProtoWriter,
  tag: number,
  key: Key,
  memory: Buffer,
  start: number,
  size: number,
): boolean {
  const { length } = writer;
  const value = 1 + varintSize(size) + size;
  writer.byte(tag);
  writer.varint(key.length + 1 + varintSize(value) + value);
  writer.raw(key);
  writer.byte(VALUE);
  writer.varint(value);
  writer.byte(STRING);
  writer.varint(size);
  if (writer.ascii(memory, start, size)) return true;
  writer.cut(length);
  return false;
}

/** Text in other memory. */
interface Bytes {
  readonly memory: Buffer;
  readonly start: number;
  readonly size: number;
}

/**
 * An entry whose key is a prefix and a name in other memory; its value is a text, or so many bytes there that end at `end`. False,
 * and something written, where not all of it is ASCII.
 */
export function putEntryBytes(
  writer: ProtoWriter,
  tag: number,
  prefix: Uint8Array,
  { memory, start, size }: Bytes,
  value: string | number,
  end: number,
): boolean {
  writer.byte(tag);
  const entry = writer.open(1);
  writer.byte(KEY);
  writer.varint(prefix.length + size);
  writer.raw(prefix);
  if (!writer.ascii(memory, start, size)) return false;
  if (typeof value === 'string') putValue(writer, VALUE, value);
  else {
    writer.byte(VALUE);
    writer.varint(1 + varintSize(value) + value);
    writer.byte(STRING);
    writer.varint(value);
    if (!writer.ascii(memory, end - value, value)) return false;
  }
  writer.close(entry, 1);
  return true;
}

export function putInteger(writer: ProtoWriter, tag: number, key: Key, integer: number): void {
  pair(writer, tag, key, () => {
    writer.byte(INT);
    writer.varint(integer);
  });
}

export function putDouble(writer: ProtoWriter, tag: number, key: Key, number: number): void {
  pair(writer, tag, key, () => {
    writer.byte(DOUBLE);
    writer.double(number);
  });
}

export function putTrue(writer: ProtoWriter, tag: number, key: Key): void {
  pair(writer, tag, key, () => {
    writer.byte(BOOL);
    writer.byte(1);
  });
}

export function putTexts(writer: ProtoWriter, tag: number, key: Key, texts: readonly string[]): void {
  pair(writer, tag, key, () => {
    writer.byte(ARRAY);
    const array = writer.open(1);
    for (const text of texts) {
      putValue(writer, ITEM, text);
    }
    writer.close(array, 1);
  });
}

/** A list of maps; `entries` writes those of one under the tag it is given. */
export function putMaps<T>(
  writer: ProtoWriter,
  tag: number,
  key: Key,
  maps: readonly T[],
  entries: (map: T, tag: number) => void,
): void {
  pair(writer, tag, key, () => {
    writer.byte(ARRAY);
    const array = writer.open(1);
    for (const map of maps) {
      writer.byte(ITEM);
      const value = writer.open(1);
      writer.byte(KVLIST);
      const list = writer.open(1);
      entries(map, ITEM);
      writer.close(list, 1);
      writer.close(value, 1);
    }
    writer.close(array, 1);
  });
}

/** A text of its own, as the body of a record is. */
export function putValue(writer: ProtoWriter, tag: number, text: string): void {
  writer.byte(tag);
  const value = writer.open(1);
  writer.byte(STRING);
  writer.text(text);
  writer.close(value, 1);
}
