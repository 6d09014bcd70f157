import { describe, expect, test } from 'vitest';
import { expand, type Looking } from '../support/grafana-macros.ts';

/** Macros and what becomes of them, as the plugin's documentation has both. */

const looking: Looking = {
  from: new Date(1_415_792_726_123),
  to: new Date(1_447_328_726_456),
  intervalSeconds: 20,
  chosen: { team: ['db1', "o'two"], empty: [''] },
};

const list = (name: string, format = 'singlequote'): string => `\${${name}:${format}}`;
const where = (condition: string, name: string): string => `$__conditionalAll(${condition}, $${name})`;

describe('expands', () => {
  test.each([
    ['SELECT $__toTime', 'SELECT toDateTime(1447328726)'],
    [
      'WHERE $__timeFilter_ms(time)',
      'WHERE time >= fromUnixTimestamp64Milli(1415792726123) AND time <= fromUnixTimestamp64Milli(1447328726456)',
    ],
    ['$__timeInterval(column)', 'toStartOfInterval(toDateTime(column), INTERVAL 20 second)'],
    [`team IN (${list('team')})`, "team IN ('db1','o\\'two')"],
    [`${where(`f(a, '(x)') IN (${list('team')})`, 'team')} AND b`, "f(a, '(x)') IN ('db1','o\\'two') AND b"],
    [`${where(`a IN (${list('model')})`, 'model')} AND b`, '1=1 AND b'],
    [where(`a IN (${list('empty')})`, 'empty'), '1=1'],
    [`${where('a', 'team')} AND ${where('b', 'model')} AND ${where('c', 'team')}`, 'a AND 1=1 AND c'],
  ])('%s', (sql, expanded) => expect(expand(sql, looking)).toBe(expanded));
});

describe('knows nothing of', () => {
  test.each([
    ['SELECT $__nonsense(a)', '$__nonsense(a) is no macro'],
    ['a = $team', '$team is no list of chosen values'],
    [`a IN (${list('team', 'csv')})`, 'is no list of chosen values'],
    [`a IN (${list('model')})`, 'is no list of chosen values'],
    [where('a, b', 'team'), 'takes a condition and a plain variable'],
    [`$__conditionalAll(a, ${list('team')})`, 'takes a condition and a plain variable'],
    ['$__conditionalAll(a, $team', 'is not closed'],
  ])('%s', (sql, words) => expect(() => expand(sql, looking)).toThrow(words));
});
