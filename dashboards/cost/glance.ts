import { BLUE, ORANGE, thresholds, VERMILLION } from '../colours.ts';
import { SHOWN } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { stat } from '../panels.ts';
import { USD } from './money.ts';

const neutral = thresholds(BLUE);
const asked = (what: string): string => `SELECT ${what} FROM audit.costs\nWHERE ${SHOWN}`;

export const glance: Section = {
  id: 100,
  title: 'At a glance',
  lines: [
    line(
      4,
      stat({
        id: 101,
        title: 'Spent',
        description:
          'What the sources state, in US dollars. Requests whose source states no cost add nothing: see "Without a cost".',
        unit: 'currencyUSD',
        steps: neutral,
        sql: asked(`${USD} AS usd`),
      }),
      stat({
        id: 102,
        title: 'Requests',
        description: 'Events that state a cost or tokens.',
        unit: 'locale',
        steps: neutral,
        sql: asked('count() AS requests'),
      }),
      stat({
        id: 103,
        title: 'Tokens',
        description: 'Input, cached input included, and output.',
        unit: 'short',
        steps: neutral,
        sql: asked('sum(ifNull(tokens_prompt, 0) + ifNull(tokens_completion, 0)) AS tokens'),
      }),
      stat({
        id: 104,
        title: 'Input from cache',
        description:
          'Share of input tokens that were read from a cache, where they cost a fraction. Counted over requests that say both.',
        unit: 'percentunit',
        steps: neutral,
        sql: asked(
          'sumIf(tokens_cache_read, tokens_prompt IS NOT NULL) / nullIf(sumIf(tokens_prompt, tokens_cache_read IS NOT NULL), 0) AS share',
        ),
      }),
    ),
    line(
      4,
      stat({
        id: 105,
        title: 'Without a cost',
        description:
          'Share of requests that used tokens and whose source states no cost: what is missing from the sums here.',
        unit: 'percentunit',
        steps: thresholds(BLUE, [0.05, ORANGE], [0.2, VERMILLION]),
        sql: asked('countIf(cost_micro_usd IS NULL) / nullIf(count(), 0) AS share'),
      }),
      stat({
        id: 106,
        title: 'Spent by no team',
        description: 'Share of the cost that no team can be charged with, because nothing says whose it is.',
        unit: 'percentunit',
        steps: thresholds(BLUE, [0.05, ORANGE], [0.2, VERMILLION]),
        sql: asked("sumIf(cost_micro_usd, actor_team = '') / nullIf(sum(cost_micro_usd), 0) AS share"),
      }),
      stat({
        id: 107,
        title: 'Budgets exceeded',
        description: 'Requests that a spending limit stopped.',
        unit: 'locale',
        steps: thresholds(BLUE, [1, ORANGE]),
        sql: `SELECT countIf(action = 'budget.exceeded') AS stopped FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 108,
        title: 'Rate limited',
        description: 'Requests that a rate limit stopped.',
        unit: 'locale',
        steps: thresholds(BLUE, [1, ORANGE]),
        sql: `SELECT countIf(action = 'ratelimit.exceeded') AS stopped FROM audit.trail\nWHERE ${SHOWN}`,
      }),
    ),
  ],
};
