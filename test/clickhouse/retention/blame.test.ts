import { expect, test } from 'vitest';
import { ClickHouseFailure } from '../../../services/clickhouse/failure.ts';
import { blamed, HoldFails } from '../../../services/clickhouse/retention/blame.ts';
import type { PlacedHold } from '../../../services/clickhouse/retention/holds.ts';
import { SHELVINGS } from '../../../services/clickhouse/retention/tables.ts';
import type { Store } from '../../../services/core/store.ts';

const [shelving] = SHELVINGS.filter(({ name }) => name === 'events');
if (shelving === undefined) throw new Error('no events');
const at = { shelving, from: shelving.table, place: { retention_class: 'soc2', bucket: '2026-01-01' } };

const hold = (session: string, placed_by: string): PlacedHold => ({
  ...{ hold: `hold of ${placed_by}`, placed_by, quarantine: '', occurred_from: '', occurred_to: '' },
  condition: `session_id = '${session}'`,
});
const holds = [hold('light', 'ada'), hold('heavy', 'ben')];
const timeout = new ClickHouseFailure("Timeout exceeded: … 'heavy' … (TIMEOUT_EXCEEDED)", 159, undefined);

/** Takes every condition, and fails on those that hold a word. */
function failingOn(word: string | undefined, failure: unknown) {
  const asked: string[] = [];
  const store: Store = {
    text: async (sql) =>
      sql.startsWith('EXPLAIN AST')
        ? 'SelectWithUnionQuery (children 1)\n ExpressionList'
        : (/SELECT event_id FROM audit\.trail WHERE \(.*\)/s.exec(sql)?.[0] ?? ''),
    rows: async (sql) => {
      asked.push(sql);
      if (word !== undefined && sql.includes(`'${word}'`)) throw failure;
      return [];
    },
  };
  return { store, asked };
}

test('of several holds the one that costs too much is named, with its operator and nothing of what it was asked of', async () => {
  const { store, asked } = failingOn('heavy', timeout);
  const found = await blamed(timeout, store, at, 0, holds);
  expect(found).toBeInstanceOf(HoldFails);
  expect(found).toMatchObject({ hold: 'hold of ben', operator: 'ben' });
  expect(String(found)).toContain('(ClickHouse answers 159 TIMEOUT_EXCEEDED)');
  expect(String(found)).not.toContain('heavy');
  for (const sql of asked) expect(sql).toMatch(/SETTINGS max_execution_time = \d+, max_memory_usage = \d+$/);
});

test('what no hold explains, and a store that does not answer, are no hold’s fault', async () => {
  expect(await blamed(timeout, failingOn(undefined, timeout).store, at, 0, holds)).toBe(timeout);
  const away = new ClickHouseFailure('socket hang up', undefined, undefined);
  const { store, asked } = failingOn('light', timeout);
  expect(await blamed(away, store, at, 0, holds)).toBe(away);
  expect(asked).toEqual([]);
  expect(await blamed(timeout, failingOn('light', away).store, at, 0, holds)).toBe(away);
});
