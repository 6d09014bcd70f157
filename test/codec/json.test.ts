import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../services/codec/json.ts';

const bytes = (text: string) => Buffer.from(text);
const reason = (message: string | Uint8Array, limits?: Parameters<typeof readJson>[1]): string => {
  const read = readJson(typeof message === 'string' ? bytes(message) : message, limits);
  return read.ok ? 'accepted' : read.reason;
};

test.each([
  ['{"a":[1,-0.5,1e3,true,false,null,"x"]}', { a: [1, -0.5, 1000, true, false, null, 'x'] }],
  [' [ ] ', []],
  ['"\\ud83d\\ude00 \\u00e9 \\/ \\n"', '😀 é / \n'],
  ['9007199254740991', 9007199254740991],
  ['0.12345678901234567890', 0.12345678901234568],
  ['{"constructor":{"name":1},"prototype":2,"_proto__":3}', { constructor: { name: 1 }, prototype: 2, _proto__: 3 }],
])('%s is read', (text, value) => expect(readJson(bytes(text))).toEqual({ ok: true, value }));

describe('names the place', () => {
  test.each([
    ['', 'message: is empty'],
    [' \n', 'byte 2: ends too early to be JSON'],
    ['{"a":1', 'byte 6: ends too early to be JSON'],
    ['{"a":"b', 'byte 7: ends too early to be JSON'],
    ['{"a":tru}', 'byte 8: is not JSON: a value should stand here'],
    ['{"a" 1}', 'byte 5: is not JSON: a colon should stand here'],
    ['{"a":1,}', 'byte 7: is not JSON: a key should stand here'],
    ['[1,]', 'byte 3: is not JSON: a value should stand here'],
    ['[01]', 'byte 3: is not JSON: a number must not begin with 0'],
    ['[1.]', 'byte 3: is not JSON: a digit should stand here'],
    ['{} {}', 'byte 3: is not JSON: something follows the message'],
    ['<html>', 'byte 0: is not JSON: a value should stand here'],
    ['"a\tb"', 'byte 2: is not JSON: a control character in a string must be escaped'],
    ['"\\x41"', 'byte 1: is not JSON: no such escape'],
    ['"\\u12g4"', 'byte 1: is not JSON: four hex digits should follow \\u'],
    ['{"metadata":{"user":[{"name":"a\\u0000b"}]}}', 'metadata.user.0.name: holds a NUL'],
    ['{"a":"b\0c"}', 'a: holds a NUL'],
    ['{"a":{"b\\u0000":1}}', 'a: has a key that holds a NUL'],
    ['["\\ud800"]', '0: holds half a surrogate pair'],
    ['["\\udc00\\ud800"]', '0: holds half a surrogate pair'],
    ['["\\ud83d\\u0041"]', '0: holds half a surrogate pair'],
    ['{"\\udfff":1}', 'message: has a key that holds half a surrogate pair'],
    ['{"a":9007199254740993}', 'a: is a number past 2^53, whose digits would be lost'],
    ['[-123456789012345678]', '0: is a number past 2^53, whose digits would be lost'],
    ['1e308', 'message: is a number past 2^53, whose digits would be lost'],
    ['-1e999', 'message: is a number past 2^53, whose digits would be lost'],
    [`1e${'0'.repeat(2000)}1`, 'message: is a number of too many digits'],
    ['{"a":{"b":1,"c":2,"b":3}}', 'a.b: stands twice in one object'],
    ['{"b":1,"\\u0062":3}', 'b: stands twice in one object'],
    ['{"a":{"__proto__":1}}', 'a.__proto__: is a key that would reach into the program'],
    ['{"\\u005f_proto__":1}', '__proto__: is a key that would reach into the program'],
    ['{"constructor":{"prototype":{}}}', 'constructor.prototype: is a key that would reach into the program'],
    ['{"mail me at x@y.example":1e99}', '(key of 22 characters): is a number past 2^53, whose digits would be lost'],
  ])('%j', (text, place) => expect(reason(text)).toBe(place));

  test.each([
    [[0x7b, 0x22, 0xc3, 0x28, 0x22], 'byte 2: is not UTF-8'],
    [[0xef, 0xbf, 0xbd, 0x80], 'byte 3: is not UTF-8'],
    [[0x22, 0xed, 0xa0, 0x80, 0x22], 'byte 1: is not UTF-8'],
    [[0x22, 0xc0, 0xaf, 0x22], 'byte 1: is not UTF-8'],
    [[0x22, 0xf0, 0x9f, 0x98], 'byte 1: is not UTF-8'],
    [[0xef, 0xbb, 0xbf, 0x7b, 0x7d], 'byte 0: looks like a byte order mark (UTF-8), not JSON'],
    [[0xff, 0xfe, 0x7b, 0x00], 'byte 0: looks like a byte order mark (UTF-16), not JSON'],
    [[0x1f, 0x8b, 0x08], 'byte 0: looks like gzip, not JSON'],
    [[0, 0, 0, 1, 2, 0x7b, 0x7d], 'byte 0: looks like the Confluent wire format with schema id 258, not JSON'],
  ])('%j', (message, place) => expect(reason(Uint8Array.from(message))).toBe(place));

  test('limits', () => {
    const nested = (levels: number) => '[{"a":'.repeat(levels) + '1'.padEnd(1) + '}]'.repeat(levels);
    expect(reason(nested(32))).toBe('accepted');
    expect(reason(nested(33))).toMatch(/^(0\.a\.){31}0\.a: stands in more than 64 arrays and objects$/);
    expect(reason('['.repeat(100_000))).toMatch(/^0(\.0)+: stands in more than 64 arrays and objects$/);
    expect(reason('[1,2,3]', { bytes: 6, depth: 9 })).toBe('message: is 7 bytes long, more than 6');
  });
});

describe('beside JSON.parse', () => {
  const parsed = (text: string): { readonly value: unknown } | undefined => {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  };

  test('reads the same value, whatever the white space', () => {
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 6 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    })).value;
    fc.assert(
      fc.property(tree, fc.constantFrom('', ' ', '\t', '\n  '), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const read = readJson(bytes(text));
        if (/__proto__|\\u0000|\\u[dD]/.test(text)) return;
        expect(read).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test('takes nothing that JSON.parse refuses, refuses for the grammar nothing that it takes', () => {
    const alphabet = [...'{}[]",:\\u0123456789abcdefE+-. \ntrulsn', '\\u0000', '\\ud83d', 'true', '"a":', '"b"'];
    const soup = fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(soup, (text) => {
        const [read, plain] = [readJson(bytes(text)), parsed(text)];
        if (read.ok) expect(plain).toEqual({ value: read.value });
        else if (plain !== undefined) expect(read.reason).not.toMatch(/is not JSON|too early/);
      }),
      { numRuns: 5_000 },
    );
  });

  test('survives any change of any byte', () => {
    const sound = bytes('{"id":"a1","n":[1,2.5e-3,-7],"deep":{"é":"\\u00e9\\ud83d\\ude00","t":true,"z":null}}');
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(sound);
        changed[at] = byte;
        const read = readJson(changed);
        if (read.ok) expect(read.value).toEqual(JSON.parse(Buffer.from(changed).toString()));
        else expect(read.reason).toMatch(/^(byte \d+|message|[\w.:/()é -]+): /);
      }),
      { numRuns: 3_000 },
    );
  });
});
