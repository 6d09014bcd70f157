import { expect, test } from 'vitest';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import { defineQuery, WINDOW } from '../../services/clickhouse/queries/query.ts';
import type { Answer, Question } from '../../services/console/desk.ts';
import type { Store } from '../../services/core/store.ts';
import { askNamed } from '../../services/processes/rolled.ts';

const both = defineQuery({ name: 'both', title: 'Both?', params: { ...WINDOW }, sql: 'trail', rolled: 'daily' });
const params = { from: '2026-03-01', to: '2026-04-01' };

/** A store that answers with one mark after the other; `undefined`: the window is not rolled. */
function storeWith(...marks: readonly (string | undefined)[]): Store {
  const left = [...marks];
  return {
    async rows() {
      const mark = left.shift();
      return [{ covered: mark === undefined ? 0 : 1, mark: mark ?? '0' }];
    },
    text: async () => '',
  };
}

async function asked(store: Store, query = both, result?: Answer): Promise<readonly string[]> {
  const said: string[] = [];
  const ask = async ({ sql }: Question): Promise<Answer> => {
    said.push(sql);
    return result ?? { kind: 'text', text: sql, rows: 0 };
  };
  const { question } = await askNamed(query, { params, format: 'JSON' }, store, ask);
  expect(question.sql).toBe(said.at(-1));
  return said;
}

test('a window that is rolled up is asked of the rollups', async () => {
  expect(await asked(storeWith('1', '1'))).toEqual(['daily']);
});

test('a window that is not, of the trail', async () => {
  expect(await asked(storeWith(undefined))).toEqual(['trail']);
});

test('what changed while it was asked for is asked for again, of the trail', async () => {
  expect(await asked(storeWith('1', '2'))).toEqual(['daily', 'trail']);
  expect(await asked(storeWith('1', undefined))).toEqual(['daily', 'trail']);
});

test('a question that knows no rollups looks at none', async () => {
  const one = defineQuery({ name: 'one', title: 'One?', params: { ...WINDOW }, sql: 'trail' });
  expect(await asked(storeWith('1', '1'), one)).toEqual(['trail']);
});

test('where the rollups do not answer, the trail is asked', async () => {
  const failed = { kind: 'failed', code: 241, message: 'memory' } as const;
  expect(await asked(storeWith('1', '1'), both, failed)).toEqual(['daily', 'trail']);
  const away: Store = {
    rows: () => Promise.reject(new ClickHouseFailure('away', undefined, undefined)),
    text: async () => '',
  };
  expect(await asked(away)).toEqual(['trail']);
});
