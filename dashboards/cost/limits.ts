import { COST } from '../addresses.ts';
import { narrows } from '../fields.ts';
import { MODEL, PROJECT, SHOWN, TEAM, WHO } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, table } from '../panels.ts';

const stopped = (action: string): string => `
SELECT ${TEAM} AS Team, ${PROJECT} AS Project, ${WHO} AS Who, ${MODEL} AS Model, error_type AS Error, count() AS Requests, min(occurred_at) AS First, max(occurred_at) AS Last
FROM audit.trail
WHERE action = '${action}' AND ${SHOWN}
GROUP BY Team, Project, Who, Model, Error
ORDER BY Requests DESC, Last DESC, Who
LIMIT 100`;

const fields = [narrows('Team', COST, 'team'), narrows('Model', COST, 'model')];

export const limits: Section = {
  id: 400,
  title: 'Limits',
  lines: [
    line(
      9,
      bars({
        id: 401,
        title: 'Requests stopped by a limit',
        description: 'Spending limits (budget.exceeded) and rate limits (ratelimit.exceeded).',
        unit: 'short',
        words: ['budget.exceeded', 'ratelimit.exceeded'],
        sql: `
SELECT $__timeInterval(occurred_at) AS time, action AS series, count() AS requests
FROM audit.trail
WHERE action IN ('budget.exceeded', 'ratelimit.exceeded') AND ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      table({
        id: 402,
        title: 'Budgets exceeded, by whom',
        description: 'Whose requests a spending limit stopped. Raise the budget, or ask what ran away.',
        fields,
        sql: stopped('budget.exceeded'),
      }),
      table({
        id: 403,
        title: 'Rate limits, by whom',
        description: 'Whose requests a rate limit stopped: often a script that retries without waiting.',
        fields,
        sql: stopped('ratelimit.exceeded'),
      }),
    ),
  ],
};
