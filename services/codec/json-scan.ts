import { type Cursor, explain, malformed, space, step, wrong } from './json-cursor.ts';
import { number } from './json-number.ts';
import { text } from './json-text.ts';

export interface Scan {
  /** The first thing that is wrong and its place: `metadata.user.0.name: holds a NUL`. Quotes no value. */
  readonly fault: string | undefined;
  /** Members of all objects together; a key that stands twice counts twice. */
  readonly members: number;
}

export interface ScanOptions {
  /** Arrays and objects within each other, at most. */
  readonly depth: number;
  /** Blame a key that stands twice in one object. It costs a set per object: asked for only to name the place. */
  readonly twice: boolean;
}

/**
 * Reads JSON's grammar (RFC 8259) over bytes that are valid UTF-8 and builds nothing: it says whether this is a message
 * that `JSON.parse` reads without changing or losing a leaf, and where it is not.
 */
export function scan(bytes: Uint8Array, options: ScanOptions): Scan {
  const cursor: Cursor = { bytes, at: 0, members: 0, escaped: false, fault: undefined };
  if (value(cursor, options, 0, false)) end(cursor);
  return { fault: explain(cursor), members: cursor.members };
}

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [SMALL_T, SMALL_F, SMALL_N] = [0x74, 0x66, 0x6e];

/** Every reader answers whether all was well, and leaves the cursor behind what it read. */
function value(cursor: Cursor, options: ScanOptions, depth: number, inConstructor: boolean): boolean {
  space(cursor);
  switch (cursor.bytes[cursor.at]) {
    case QUOTE:
      return text(cursor, 'holds');
    case BRACE:
      return depth < options.depth ? object(cursor, options, depth + 1, inConstructor) : tooDeep(cursor, options);
    case BRACKET:
      return depth < options.depth ? array(cursor, options, depth + 1) : tooDeep(cursor, options);
    case SMALL_T:
      return word(cursor, 'true');
    case SMALL_F:
      return word(cursor, 'false');
    case SMALL_N:
      return word(cursor, 'null');
    default:
      return number(cursor);
  }
}

function object(cursor: Cursor, options: ScanOptions, depth: number, inConstructor: boolean): boolean {
  const { bytes } = cursor;
  const seen = options.twice ? new Set<string>() : undefined;
  cursor.at++;
  space(cursor);
  if (bytes[cursor.at] === END_BRACE) return step(cursor);
  for (;;) {
    const from = cursor.at;
    if (bytes[from] !== QUOTE) return malformed(cursor, 'a key should stand here');
    if (!text(cursor, 'has a key that holds')) return false;
    const to = cursor.at;
    const name = seen !== undefined || isSuspect(cursor, from) ? keyAt(bytes, from, to) : '';
    if (!isHarmless(cursor, name, inConstructor, seen)) return false;
    cursor.members++;
    space(cursor);
    if (bytes[cursor.at] !== COLON) return malformed(cursor, 'a colon should stand here');
    cursor.at++;
    if (!value(cursor, options, depth, name === 'constructor')) {
      cursor.fault?.steps?.push(keyAt(bytes, from, to));
      return false;
    }
    space(cursor);
    if (bytes[cursor.at] === END_BRACE) return step(cursor);
    if (bytes[cursor.at] !== COMMA) return malformed(cursor, 'a comma or } should stand here');
    cursor.at++;
    space(cursor);
  }
}

function array(cursor: Cursor, options: ScanOptions, depth: number): boolean {
  const { bytes } = cursor;
  cursor.at++;
  space(cursor);
  if (bytes[cursor.at] === END_BRACKET) return step(cursor);
  for (let index = 0; ; index++) {
    if (!value(cursor, options, depth, false)) {
      cursor.fault?.steps?.push(index);
      return false;
    }
    space(cursor);
    if (bytes[cursor.at] === END_BRACKET) return step(cursor);
    if (bytes[cursor.at] !== COMMA) return malformed(cursor, 'a comma or ] should stand here');
    cursor.at++;
  }
}

/** Lengths of `__proto__`, `prototype` and `constructor` with their quotes. */
const SUSPECT_LENGTHS = new Set([11, 13]);

/** Whether a key may be one that reaches into the program, or is escaped so that its bytes do not show it. */
function isSuspect(cursor: Cursor, from: number): boolean {
  return cursor.escaped || SUSPECT_LENGTHS.has(cursor.at - from);
}

function isHarmless(cursor: Cursor, name: string, inConstructor: boolean, seen: Set<string> | undefined): boolean {
  if (name === '__proto__' || (inConstructor && name === 'prototype'))
    return wrong(cursor, 'is a key that would reach into the program', name);
  if (seen?.has(name) === true) return wrong(cursor, 'stands twice in one object', name);
  seen?.add(name);
  return true;
}

function keyAt(bytes: Uint8Array, from: number, to: number): string {
  return JSON.parse(Buffer.from(bytes.subarray(from, to)).toString());
}

function word(cursor: Cursor, letters: string): boolean {
  for (const letter of letters) {
    if (cursor.bytes[cursor.at] !== letter.charCodeAt(0)) return malformed(cursor, 'a value should stand here');
    cursor.at++;
  }
  return true;
}

function end(cursor: Cursor): boolean {
  space(cursor);
  return cursor.at === cursor.bytes.length || malformed(cursor, 'something follows the message');
}

function tooDeep(cursor: Cursor, { depth }: ScanOptions): false {
  return wrong(cursor, `stands in more than ${depth} arrays and objects`);
}
