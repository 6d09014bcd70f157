import { expect, test } from 'vitest';
import { readJsonDocuments } from '../../services/codec/json.ts';

const told = (file: string) =>
  readJsonDocuments(file).map((document) => [
    document.place,
    document.ok ? document.value : document.reason,
    Buffer.from(document.bytes).toString(),
  ]);

test.each([
  ['nothing', ' \n', []],
  ['a document', '{\n  "a": 1\n}\n', [['document', { a: 1 }, '{\n  "a": 1\n}']]],
  ['a bare number', '42', [['document', 42, '42']]],
  [
    'an array',
    '[{"a":"],"}, [1, 2] ,"x"]\n',
    [
      ['element 1', { a: '],' }, '{"a":"],"}'],
      ['element 2', [1, 2], '[1, 2]'],
      ['element 3', 'x', '"x"'],
    ],
  ],
  ['an empty array', '[ ]', []],
  [
    'an array with a broken element',
    '[{"a":1},{"a":},]',
    [
      ['element 1', { a: 1 }, '{"a":1}'],
      ['element 2', 'byte 5: is not JSON: a value should stand here', '{"a":}'],
      ['element 3', 'message: is empty', ''],
    ],
  ],
  [
    'JSON lines, empty ones between',
    '{"a":1}\r\n\n{"a":2}\n',
    [
      ['line 1', { a: 1 }, '{"a":1}'],
      ['line 3', { a: 2 }, '{"a":2}'],
    ],
  ],
  [
    'lines of arrays',
    '[1]\n[2]',
    [
      ['line 1', [1], '[1]'],
      ['line 2', [2], '[2]'],
    ],
  ],
  [
    'broken lines',
    '{"a":\n{"a":2}\nnonsense',
    [
      ['line 1', 'byte 5: ends too early to be JSON', '{"a":'],
      ['line 2', { a: 2 }, '{"a":2}'],
      ['line 3', 'byte 1: is not JSON: a value should stand here', 'nonsense'],
    ],
  ],
  [
    'a broken document of many lines',
    '{\n  "a": 1,\n',
    [['document', 'byte 11: ends too early to be JSON', '{\n  "a": 1,']],
  ],
])('%s', (_, file, expected) => expect(told(file)).toEqual(expected));

test('a mark before the file belongs to no message', () => {
  expect(told('\ufeff{"a":1}')).toEqual([['document', { a: 1 }, '{"a":1}']]);
});
