import { AnyValueSchema, ArrayValueSchema, KeyValueListSchema, KeyValueSchema } from './generated/logs_pb.ts';
import { each, type Fields, fieldsOf } from './json-fields.ts';
import type { Attributes, Value } from './logs.ts';
import type { Trail } from './trail.ts';
import { finite, integer, mayDeepen, put, text } from './value.ts';

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/** Key-value pairs as one object. */
export function attributesOf(name: string, fields: Fields, trail: Trail, depth: number): Attributes {
  const attributes: Record<string, Value> = {};
  const list = fields.known.get(name) ?? [];
  trail.enter(name);
  if (Array.isArray(list)) for (const [index, item] of list.entries()) pair(attributes, item, index, trail, depth);
  else trail.blame('is no list');
  trail.leave();
  return attributes;
}

function pair(attributes: Record<string, Value>, item: unknown, index: number, trail: Trail, depth: number): void {
  trail.enter(index);
  const { known, unknown } = fieldsOf(KeyValueSchema, item, trail);
  const key = known.get('key') ?? '';
  if (Object.keys(unknown).length > 0) trail.blame('has a field that is not known');
  if (typeof key !== 'string') trail.blame('has a key that is no text');
  trail.leave();
  if (typeof key !== 'string') return;
  trail.enter(key);
  const value = anyValue(known.get('value'), trail, depth);
  trail.leave();
  put(attributes, key, value, trail);
}

export function bodyOf(record: Fields, trail: Trail): Value | undefined {
  trail.enter('body');
  const body = anyValue(record.known.get('body'), trail, 0);
  trail.leave();
  return body ?? undefined;
}

function anyValue(value: unknown, trail: Trail, depth: number): Value {
  if (value === undefined) return null;
  const { known, unknown } = fieldsOf(AnyValueSchema, value, trail);
  const [first, ...others] = known;
  if (Object.keys(unknown).length > 0) trail.blame('has a value of a kind that is not known');
  if (others.length > 0) trail.blame('has more than one value');
  return first === undefined ? null : oneOf(first[0], first[1], trail, depth);
}

function oneOf(kind: string, value: unknown, trail: Trail, depth: number): Value {
  switch (kind) {
    case 'stringValue':
      return typeof value === 'string' ? text(value, trail) : wrong('is no text', trail);
    case 'boolValue':
      return typeof value === 'boolean' ? value : wrong('is neither true nor false', trail);
    case 'intValue':
      return intOf(value, trail);
    case 'doubleValue':
      return doubleOf(value, trail);
    case 'bytesValue':
      return bytesOf(value, trail);
    case 'arrayValue': {
      if (!mayDeepen(depth, trail)) return null;
      const values: Value[] = [];
      const { known, unknown } = fieldsOf(ArrayValueSchema, value, trail);
      if (Object.keys(unknown).length > 0) trail.blame('has a field that is not known');
      each('values', { known, unknown }, trail, (item) => values.push(anyValue(item, trail, depth + 1)));
      return values;
    }
    default: {
      if (!mayDeepen(depth, trail)) return null;
      const list = fieldsOf(KeyValueListSchema, value, trail);
      if (Object.keys(list.unknown).length > 0) trail.blame('has a field that is not known');
      return attributesOf('values', list, trail, depth + 1);
    }
  }
}

/** A decimal string; a JSON number too, where parsing cannot have changed it. */
function intOf(value: unknown, trail: Trail): Value {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? value : wrong('is no whole number within 2^53', trail);
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return wrong('is no whole number', trail);
  const number = BigInt(value);
  return number >= INT64.least && number <= INT64.most ? integer(number) : wrong('is past 64 bits', trail);
}

/** Protobuf's JSON mapping also allows the number as a string. */
function doubleOf(value: unknown, trail: Trail): Value {
  if (typeof value === 'number') return finite(value, trail);
  if (typeof value === 'string' && value.trim() !== '') return finite(Number(value), trail);
  return wrong('is no number', trail);
}

function bytesOf(value: unknown, trail: Trail): Value {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return wrong('is no base64', trail);
  return Buffer.from(value, 'base64').toString('base64');
}

function wrong(reason: string, trail: Trail): null {
  trail.blame(reason);
  return null;
}
