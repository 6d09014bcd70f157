import { COST } from '../addresses.ts';
import { BLUE, thresholds } from '../colours.ts';
import { narrows, unit } from '../fields.ts';
import { CHOSEN, MODEL, PROJECT, TEAM, WHO } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { stat, table } from '../panels.ts';
import { USD } from './money.ts';

/** A bill is for a calendar month, in UTC, wherever the time range begins: for the one it ends in. */
const MONTH = `toStartOfMonth(toTimeZone($__toTime, 'UTC'))`;
const BILLED = `toStartOfMonth(occurred_at) = ${MONTH}\n  AND ${CHOSEN}`;

const ABOUT = 'The calendar month (UTC) in which the time range ends.';

const billed = (columns: string, keys: string): string => `
SELECT formatDateTime(${MONTH}, '%Y-%m') AS Month, ${columns}, ${USD} AS Cost, Cost / sum(${USD}) OVER () AS Share,
  count() AS Requests, countIf(cost_micro_usd IS NULL) AS "Without a cost", sum(tokens_prompt) AS Input, sum(tokens_cache_read) AS Cached, sum(tokens_completion) AS Output
FROM audit.costs
WHERE ${BILLED}
GROUP BY ${keys}
ORDER BY Cost DESC, ${keys}`;

const fields = [
  ...unit('currencyUSD', 'Cost'),
  ...unit('percentunit', 'Share'),
  ...unit('short', 'Input', 'Cached', 'Output'),
  narrows('Team', COST, 'team'),
];

export const chargeback: Section = {
  id: 500,
  title: 'Chargeback',
  lines: [
    line(
      4,
      stat({
        id: 501,
        title: 'Spent this month',
        description: `${ABOUT} The tables below share it out.`,
        unit: 'currencyUSD',
        steps: thresholds(BLUE),
        sql: `SELECT ${USD} AS usd FROM audit.costs\nWHERE ${BILLED}`,
      }),
    ),
    line(
      11,
      table({
        id: 502,
        title: 'By team and project',
        description: `${ABOUT} "Without a cost" are requests whose source states none. Inspect, Data gives it as CSV.`,
        fields,
        sql: billed(`${TEAM} AS Team, ${PROJECT} AS Project`, 'Team, Project'),
      }),
    ),
    line(
      11,
      table({
        id: 503,
        title: 'By person and model',
        description: `${ABOUT} The two hundred dearest.`,
        fields: [...fields, narrows('Model', COST, 'model')],
        sql: `${billed(`${WHO} AS Who, ${TEAM} AS Team, ${MODEL} AS Model`, 'Who, Team, Model')}\nLIMIT 200`,
      }),
    ),
  ],
};
