import { expect, test } from 'vitest';
import { statements } from '../../services/clickhouse/statements.ts';

test.each([
  ['one', ['one']],
  ['one; two ;\n', ['one', 'two']],
  ["insert ';' ; b", ["insert ';'", 'b']],
  ["a '\\';' ; b", ["a '\\';'", 'b']],
  ["a ''';' ; b", ["a ''';'", 'b']],
  ['a `;` "x;y" ; b', ['a `;` "x;y"', 'b']],
  ['-- a; b\nc; -- end', ['c']],
  ['/* a; */ c', ['c']],
  ["'--;' ; '/*;*/'", ["'--;'", "'/*;*/'"]],
  ['', []],
])('%j', (sql, expected) => expect(statements(sql)).toEqual(expected));
