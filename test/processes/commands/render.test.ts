import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines, neutral, neutralLines, table } from '../../../services/processes/commands/render.ts';

test.each([
  ['\u001b]0;owned\u0007', '\\u{1b}]0;owned\\u{7}'],
  ['a\u202eb', 'a\\u{202e}b'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
  ['line\nbreak', 'line\\u{a}break'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['Grüße 東京 🙂', 'Grüße 東京 🙂'],
])('%j is shown as %s', (text, shown) => expect(neutral(text)).toBe(shown));

test('nothing that acts on a terminal is left in a table', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: fc.string({ unit: 'binary' }), b: fc.string() })), (rows) => {
      const shown = table(rows, { width: undefined, color: false });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what must not be there
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b]/);
    }),
  );
});

test('JSON lines read back as what they were', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: fc.string({ unit: 'binary' }) })), (rows) => {
      const lines = jsonLines(rows).split('\n').filter(Boolean);
      expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what must not be there
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('a table fits the terminal and leaves out empty columns', () => {
  const rows = [
    { name: 'a', empty: '', long: 'x'.repeat(100) },
    { name: 'bb', empty: null, long: 'y' },
  ];
  const shown = table(rows, { width: 40, color: false });
  expect(shown).not.toContain('empty');
  for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
});

test('lines keep their breaks and tabs and nothing else that acts', () => {
  expect(neutralLines('a\tb\n\u001b[31mc\r\n')).toBe('a\tb\n\\u{1b}[31mc\\u{d}\n');
});

test('the names of columns are shown as harmless as their rows', () => {
  expect(table([{ '\u001b[2J': 1 }], { width: undefined, color: false })).toBe('\\u{1b}[2J\n1\n');
});

test('what is wider than the terminal goes on below, whole', () => {
  const shown = table([{ who: 'w'.repeat(30), what: 'x'.repeat(95) }], { width: 40, color: false });
  expect(shown.match(/x/g)).toHaveLength(95);
  expect(shown.split('\n').slice(0, 2)).toEqual(['who', '  what']);
});
