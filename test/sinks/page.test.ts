import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Page, Pages } from '../../services/sinks/page.ts';
import { written } from './written.ts';

test('holds what is written, however much that is, and counts bytes', () => {
  const page = new Page();
  page.text('größe ');
  page.bytes(Buffer.from('☃ '));
  page.text('x'.repeat(5_000_000));
  expect(page.length).toBe(8 + 4 + 5_000_000);
  expect(page.written().toString()).toBe(`größe ☃ ${'x'.repeat(5_000_000)}`);
});

test('forgets what is behind a cut', () => {
  const page = new Page();
  page.text('kept, gone');
  page.cut(4);
  page.text('!');
  expect(page.written().toString()).toBe('kept!');
});

test('a page that was given back is blank, and one that grew beyond measure is not kept', () => {
  const pages = new Pages();
  const first = pages.take();
  expect(pages.take()).not.toBe(first);
  first.text('before');
  pages.give(first);
  expect(pages.take()).toBe(first);
  expect(first.written()).toHaveLength(0);
  first.bytes(Buffer.alloc(17_000_000));
  pages.give(first);
  expect(pages.take()).not.toBe(first);
});

/** Short and long, plain and odd; the twins are the engine's own. */
const text = fc.oneof(fc.string({ maxLength: 90 }), fc.string({ unit: 'binary', maxLength: 90 }));

test('a text is quoted as JSON.stringify quotes it, also one that lies in other memory', () => {
  fc.assert(
    fc.property(text, (one) => {
      const bytes = Buffer.from(one);
      const memory = Buffer.concat([Buffer.from('"\\'), bytes, Buffer.from('ä')]);
      expect(written((page) => page.quoted(one)).toString()).toBe(JSON.stringify(one));
      expect(written((page) => page.quotedBytes(memory, 2, bytes.length)).toString()).toBe(JSON.stringify(one));
    }),
  );
});

test('bytes that are no UTF-8 are quoted as they decode', () => {
  const memory = Buffer.of(0x61, 0xff, 0xc3, 0x62);
  expect(written((page) => page.quotedBytes(memory, 0, 4)).toString()).toBe(JSON.stringify(memory.toString()));
});

test('a lone half of a character is quoted as JSON.stringify quotes it', () => {
  expect(written((page) => page.quoted('a\ud800')).toString()).toBe('"a\\ud800"');
});

test('a number is written as JSON.stringify writes it, and as a text where there is none', () => {
  const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20, max: 2_000 }), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(number, (one) => {
      const said = Number.isFinite(one) ? JSON.stringify(one) : JSON.stringify(String(one));
      expect(written((page) => page.numeral(one)).toString()).toBe(said);
    }),
  );
  for (const edge of [0, -0, 9, 10, 999_999_999, 1e9, 1e9 - 1, -1e9, 2 ** 53 - 1, 1 - 2 ** 53, 1e18])
    expect(written((page) => page.numeral(edge)).toString()).toBe(JSON.stringify(edge));
});

test('microseconds are seconds with six decimals', () => {
  const micros = fc.integer({ min: -(2 ** 43), max: 2 ** 52 });
  fc.assert(
    fc.property(micros, (one) => {
      const digits = written((page) => page.seconds(one)).toString();
      expect(digits).toMatch(/^-?\d+\.\d{6}$/);
      expect(BigInt(digits.replace('.', ''))).toBe(BigInt(one));
    }),
  );
});
