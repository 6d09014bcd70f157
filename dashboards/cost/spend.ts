import { MODEL, PROJECT, SHOWN, TEAM, WHO } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars } from '../panels.ts';
import { USD } from './money.ts';

/** A chart of forty lines tells nothing: those that spent most are named. */
const NAMED = 8;

const spentBy = (what: string): string => `
WITH most AS
(
  SELECT ${what} AS name FROM audit.costs
  WHERE ${SHOWN}
  GROUP BY name ORDER BY sum(cost_micro_usd) DESC, name LIMIT ${NAMED}
)
SELECT $__timeInterval(occurred_at) AS time, if(${what} IN (SELECT name FROM most), ${what}, '(others)') AS series, ${USD} AS usd
FROM audit.costs
WHERE cost_micro_usd IS NOT NULL AND ${SHOWN}
GROUP BY time, series
ORDER BY time, series`;

const panel = (id: number, name: string, what: string, note: string) =>
  bars({
    id,
    title: `Spent by ${name}`,
    description: `The ${NAMED} that spent most in this time; the rest is (others). ${note}`,
    unit: 'currencyUSD',
    words: ['(none)', '(others)'],
    sql: spentBy(what),
  });

export const spend: Section = {
  id: 200,
  title: 'Where the money goes',
  lines: [
    line(
      9,
      panel(201, 'team', TEAM, '(none): nothing says which team it was.'),
      panel(202, 'project', PROJECT, '(none): nothing says for which project.'),
    ),
    line(
      9,
      panel(203, 'person', WHO, 'Where a source knows no address, its own id of the person stands.'),
      panel(204, 'model', MODEL, 'The model that answered, or else the one asked for.'),
    ),
  ],
};
