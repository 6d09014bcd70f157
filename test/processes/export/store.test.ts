import { expect, test } from 'vitest';
import { BadCondition } from '../../../services/clickhouse/events.ts';
import { ClickHouseFailure } from '../../../services/clickhouse/failure.ts';
import { silent } from '../../../services/core/logger.ts';
import type { Store } from '../../../services/core/store.ts';
import type { Replay } from '../../../services/processes/export/controls.ts';
import { openShelf } from '../../../services/processes/export/store.ts';
import { fakeClock } from '../../support/clock.ts';

const { signal } = new AbortController();
const replay: Replay = { kind: 'replay', id: 'r', sink: 'siem', at: '', from: '', to: '', where: '', ids: [] };

/** A store that answers pages as told, by their limit and whether they are bound to a window. */
function shelf(answer: (limit: number, isBound: boolean) => ClickHouseFailure | undefined) {
  const limits: number[] = [];
  const store: Store = {
    rows: async () => [],
    async text(_sql, _format, params = {}) {
      const limit = Number(params.limit);
      limits.push(limit);
      const failure = answer(limit, 'occurredFrom' in params);
      if (failure !== undefined) throw failure;
      return '';
    },
  };
  return { limits, shelf: openShelf(store, fakeClock(), silent, signal) };
}

const no = (code: number | undefined) => new ClickHouseFailure('no', code, undefined);

test('an answer that is too large is asked for in smaller pages', async () => {
  const { limits, shelf: asked } = shelf((limit) => (limit > 40 ? no(396) : undefined));
  await asked.wanted(replay, 0, 0, 10, signal);
  expect(limits).toEqual([500, 62, 7]);
});

test('what a window alone makes the engine turn down cannot be done', async () => {
  const { shelf: asked } = shelf((_, isBound) => (isBound ? no(41) : undefined));
  await expect(asked.wanted({ ...replay, from: 'yesterday' }, 0, 0, 10, signal)).rejects.toThrow(BadCondition);
});

test('an engine that turns everything down, or does not answer, is waited for', async () => {
  let answers = 0;
  const { shelf: asked } = shelf(() => (answers++ < 20 ? no(answers % 2 === 0 ? undefined : 60) : undefined));
  expect(await asked.wanted({ ...replay, from: '2026-01-01' }, 0, 0, 10, signal)).toEqual([]);
});
