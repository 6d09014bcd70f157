import { expect, test } from 'vitest';
import { columnsOf } from '../../services/clickhouse/columns.ts';

const types = (type: unknown, more: object = {}) =>
  columnsOf(JSON.stringify({ type: 'record', fields: [{ name: 'x', type, ...more }] })).map((column) => column.type);

test.each([
  ['string', {}, 'String'],
  ['string', { low_cardinality: true }, 'LowCardinality(String)'],
  ['int', {}, 'Int32'],
  [['null', 'long'], {}, 'Nullable(Int64)'],
  [['null', { type: 'fixed', name: 'h', size: 32 }], {}, 'Nullable(FixedString(32))'],
  [{ type: 'string', logicalType: 'uuid' }, {}, 'UUID'],
  [{ type: 'int', logicalType: 'date' }, {}, 'Date'],
  [{ type: 'long', logicalType: 'timestamp-micros' }, {}, "DateTime64(6, 'UTC')"],
  [{ type: 'map', values: 'string' }, {}, 'Map(String, String)'],
  [{ type: 'array', items: 'string' }, {}, 'Array(String)'],
  [
    { type: 'array', items: { type: 'record', name: 'r', fields: [{ name: 'a', type: ['null', 'long'] }] } },
    {},
    'Array(Tuple(a Nullable(Int64)))',
  ],
])('%j %j', (type, more, expected) => expect(types(type, more)).toEqual([expected]));

test('a type without a rule is a bug, not a guess', () => expect(() => types('float')).toThrow('float'));
