import { expect, test } from 'vitest';
import { isDate } from '../../services/clickhouse/dates.ts';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import { plainWords } from '../../services/clickhouse/plain-words.ts';
import { retentionPlan } from '../../services/clickhouse/queries/retention.ts';
import { timeline } from '../../services/clickhouse/queries/timeline.ts';

/** Messages as the engine words them, about a statement of ours that whoever wrote the condition has never seen. */
test.each([
  [
    47,
    'Unknown expression or function identifier `sesion_id` in scope SELECT count() AS rows FROM (SELECT e.*',
    'did you mean session_id?',
  ],
  [
    46,
    'Function with name `lenght` does not exist. In scope SELECT count() AS rows FROM (',
    'there is no function lenght',
  ],
  [
    386,
    'There is no supertype for types String, UInt8 because some of them are String',
    'put the value into single quotes',
  ],
  [
    62,
    'Syntax error: failed at position 2295 (end of query) (line 16, col 33): . Expected one of: token',
    'not finished or misspelt',
  ],
  [
    376,
    "Cannot parse uuid x: while converting 'x' to UUID: while executing function equals on arguments __table1.event_id",
    'Cannot parse uuid x',
  ],
])('%i: %s', (code, message, words) => {
  const said = plainWords(new ClickHouseFailure(message, code, undefined));
  expect(said).toContain(words);
  expect(said).not.toMatch(/SELECT count|__table1|position/);
});

test.each([
  ['2026-02-28', true],
  ['2028-02-29T23:59:59Z', true],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-01-01 24:00', false],
  ['no day', false],
])('%s is a date: %s', (text, is) => expect(isDate(text)).toBe(is));

test('a day that is none and a limit that is none are turned down before the engine sees them', () => {
  expect(timeline.bind({ session: 's', from: '2026-02-30' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('from is no time'),
  });
  for (const limit of ['x', '0', '-1', '1e3', '12345678901'])
    expect(retentionPlan.bind({ limit })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('limit is no number'),
    });
  expect(retentionPlan.bind({ limit: '7' })).toMatchObject({ ok: true });
});
