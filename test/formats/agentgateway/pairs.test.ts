import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPairs } from '../../../services/formats/agentgateway/pairs.ts';

/** A value as it is written, and as it is meant. */
interface Value {
  readonly written: string;
  readonly meant: string;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

/** Rust's `Debug` of a text: signs that cannot be seen by their number. */
const debug = (text: string): string =>
  `"${[...text].map((sign) => ESCAPED[sign] ?? (/\p{C}/u.test(sign) ? `\\u{${sign.codePointAt(0)?.toString(16)}}` : sign)).join('')}"`;

const same = (written: string): Value => ({ written, meant: written });

/** Without NUL, which no column keeps. */
const anyText = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', ''));
const quoted = anyText.map((text): Value => ({ written: debug(text), meant: text }));
const word = fc.string({ unit: fc.constantFrom(...'ab9:/?=&"\\[]{}é.-'), minLength: 1, maxLength: 12 });
const bare = fc
  .array(word, { maxLength: 4 })
  .filter((words) => !words.slice(1).some((each) => /^[A-Za-z_][\w./-]*=/.test(each)))
  .map((words) => words.join(' '))
  .filter((text) => !/^["[{]/.test(text))
  .map(same);
const { structure } = fc.letrec((tie) => ({
  structure: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie('item'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(anyText, tie('item')), { maxLength: 3 })
      .map((fields) => `{${fields.map(([key, value]) => `${debug(key)}: ${value}`).join(', ')}}`),
  ),
  item: fc.oneof({ maxDepth: 3 }, fc.integer().map(String), anyText.map(debug), tie('structure')),
}));
const value = fc.oneof(
  quoted,
  bare,
  structure.map((text) => same(String(text))),
);
const key = fc.stringMatching(/^[A-Za-z_][\w./-]{0,12}$/);
const entries = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 8 });

test('what was written is read back', () => {
  fc.assert(
    fc.property(entries, (pairs) => {
      const text = pairs.map(([name, { written }]) => `${name}=${written}`).join(' ');
      expect(readPairs(text)).toEqual({ ok: true, pairs: pairs.map(([name, { meant }]) => [name, meant]) });
    }),
    { numRuns: 500 },
  );
});

test('a verdict on anything, without a word of a value', () => {
  const signs = fc.string({ unit: fc.constantFrom(...'ab= \t"\\[]{}u09\n'), maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(signs, anyText), (text) => {
      const read = readPairs(text);
      if (read.ok) for (const [name] of read.pairs) expect(text).toContain(`${name}=`);
      else expect(read.reason).toMatch(/^has /);
    }),
    { numRuns: 2000 },
  );
});

describe('a megabyte of what invites looking twice has a verdict', () => {
  test.each([
    ['brackets that open', 'a=[ ', 'has a with a bracket that does not close'],
    ['keys of brackets that open', 'a', 'has words that belong to no key'],
    ['escapes', 'a="\\"', 'has a with an escape that means nothing'],
  ])('%s', (_, start, reason) => {
    const tail = start.endsWith('[ ') ? 'b=[ ' : start === 'a' ? 'a' : '\\"\\x';
    expect(readPairs(start + tail.repeat(1_000_000 / tail.length))).toEqual({ ok: false, reason });
  });

  test.each([
    ['words', 'a=', 'b '],
    ['blanks', 'a=b', ' '],
    ['almost keys', 'a=', '0b= '],
    ['quotes inside', 'a=b', '" '],
  ])('%s', (_, start, tail) => {
    expect(readPairs(start + tail.repeat(1_000_000 / tail.length))).toMatchObject({
      ok: true,
      pairs: [['a', expect.any(String)]],
    });
  });

  test('nested lists', () => {
    const deep = `a=${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(readPairs(deep)).toMatchObject({ ok: true });
  });

  test('keys', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `k${index}=v`).join(' ');
    expect(readPairs(text)).toMatchObject({ ok: true, pairs: { length: 100_000 } });
  });
});

test.each([
  ['a="x"y b=1', 'has a with more behind its closing quote'],
  ['a="x" y b=1', 'has words that belong to no key'],
  ['a="\\u{d800}"', 'has a with an escape that means nothing'],
  ['a="\\u{110000}"', 'has a with an escape that means nothing'],
  ['a="\\u{0}"', 'has a with an escape that means nothing'],
  ['a="\\0"', 'has a with an escape that means nothing'],
  ['a={"b": "}"', 'has a with a bracket that does not close'],
  ['a=1 b=2 a=3', 'has a twice'],
  ['=1', 'has words that belong to no key'],
])('%s: %s', (text, reason) => expect(readPairs(text)).toEqual({ ok: false, reason }));

test.each([
  [
    'a=[::1]:59257 b=1',
    [
      ['a', '[::1]:59257'],
      ['b', '1'],
    ],
  ],
  [
    'a= b=1',
    [
      ['a', ''],
      ['b', '1'],
    ],
  ],
  [
    'a=no token: at all b=1',
    [
      ['a', 'no token: at all'],
      ['b', '1'],
    ],
  ],
  [
    'a=/x?y=1&z=2 b=1',
    [
      ['a', '/x?y=1&z=2'],
      ['b', '1'],
    ],
  ],
  [
    'a=to http://x/?y=1 b=1',
    [
      ['a', 'to http://x/?y=1'],
      ['b', '1'],
    ],
  ],
  ['__proto__=1', [['__proto__', '1']]],
  ['', []],
])('%s', (text, pairs) => expect(readPairs(text)).toEqual({ ok: true, pairs }));
