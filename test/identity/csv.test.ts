import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from '../../services/identity/csv.ts';

const cells = (text: string) => {
  const read = readCsv(text);
  return read.kind === 'read' ? read.rows.map((row) => row.cells) : read.reason;
};

test.each([
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['\ufeffa,b\n', [['a', 'b']]],
  ['"a, b","say ""hi"""\n', [['a, b', 'say "hi"']]],
  ['"one\r\ntwo",b\n', [['one\r\ntwo', 'b']]],
  [
    'a,\n,b\n',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['a\n\n""\nb', [['a'], [''], ['b']]],
  ['', []],
])('%j', (text, rows) => {
  expect(cells(text)).toEqual(rows);
});

test.each([
  ['a,b\nc', ':2: has 1 cells, the first row 2'],
  ['a,b\n"c\n', ':2: a quote is not closed, or text follows it'],
  ['a\n"b"c\n', ':2: a quote is not closed, or text follows it'],
  ['a\nb"c\n', ':2: a quote stands in a bare cell'],
  ['"a\nb",c\nd\n', ':3: has 1 cells, the first row 2'],
])('%j is refused by its line', (text, reason) => {
  expect(cells(text)).toBe(reason);
});

test('rows begin at the lines they stand on', () => {
  const read = readCsv('a,b\n\n"x\ny",z\nq,r\n');
  expect(read.kind === 'read' ? read.rows.map(({ line }) => line) : []).toEqual([1, 3, 5]);
});

test('what is quoted comes back', () => {
  const table = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 }), { minLength: 1 });
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join(end);
      expect(cells(text)).toEqual(rows);
    }),
  );
});

test('never throws', () => {
  const hostile = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', '\0', '\ufeff') });
  fc.assert(fc.property(fc.oneof(hostile, fc.string()), (text) => void readCsv(text)));
});
