import { expect, test } from 'vitest';
import { Page, Pages } from '../../services/sinks/page.ts';

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
