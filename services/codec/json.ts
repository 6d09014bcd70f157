import { pieces } from './json-pieces.ts';
import { plainMembers } from './json-plain.ts';
import { scan } from './json-scan.ts';
import { asText, LONGEST_MESSAGE, notText } from './text.ts';

export interface JsonLimits {
  /** Length of the message. */
  readonly bytes: number;
  /** Arrays and objects within each other. */
  readonly depth: number;
}

const LIMITS: JsonLimits = { bytes: LONGEST_MESSAGE, depth: 64 };

export type Json =
  | { readonly ok: true; readonly value: unknown }
  /** What is wrong, and where: a dotted path, a byte counted from 0, or `message`. Quotes no value. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a message as JSON, strictly. What `JSON.parse` takes but silently changes or loses is refused (keys that stand
 * twice, numbers past 2^53, bytes that are no UTF-8), and so is what a store cannot hold (NUL, half a surrogate pair) or
 * a program should not touch (`__proto__`, a thousand levels). Never throws.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits = LIMITS): Json {
  const alien = notText(bytes, limits.bytes, 'JSON');
  if (alien !== undefined) return { ok: false, reason: alien };
  const plain = readPlain(bytes, limits);
  if (plain !== undefined) return { ok: true, value: plain };
  const { fault, members } = scan(bytes, { depth: limits.depth, twice: false });
  if (fault !== undefined) return { ok: false, reason: fault };
  const value: unknown = JSON.parse(asText(bytes));
  if (count(value) === members) return { ok: true, value };
  const twice = scan(bytes, { depth: limits.depth, twice: true });
  return { ok: false, reason: twice.fault ?? 'message: a key stands twice in one object' };
}

/** Undefined where the strict scan has to look, and for what is no object or array. */
function readPlain(bytes: Uint8Array, { depth }: JsonLimits): object | undefined {
  const members = plainMembers(bytes, depth);
  if (members < 0) return undefined;
  const text = asText(bytes);
  // `__proto__` and `prototype`; spelt by their codes they are not plain.
  if (text.includes('proto')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && count(value) === members ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Members of all objects together. Fewer than were scanned: `JSON.parse` kept the last of two with one key. */
function count(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((members, item) => members + count(item), 0);
  if (!isObject(value)) return 0;
  let members = 0;
  for (const name in value) {
    const child = value[name];
    members += typeof child === 'object' ? 1 + count(child) : 1;
  }
  return members;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** One message of a file. `place` is for people: `document`, `element 2` or `line 3`, counted from 1. */
export type JsonDocument = Json & { readonly place: string; readonly bytes: Uint8Array };

/**
 * The messages of a file: one document, an array (each element is a message) or JSON lines. What is no JSON is listed
 * with its reason, as one message among the others. A byte order mark before the file belongs to no message.
 */
export function readJsonDocuments(file: Uint8Array | string, limits: JsonLimits = LIMITS): readonly JsonDocument[] {
  return pieces(withoutMark(typeof file === 'string' ? Buffer.from(file) : file)).map(({ place, bytes }) => ({
    ...readJson(bytes, limits),
    place,
    bytes,
  }));
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
