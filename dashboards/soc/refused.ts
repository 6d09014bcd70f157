import { SOC } from '../addresses.ts';
import { narrows, words } from '../fields.ts';
import { PRODUCT, SHOWN, TEAM, WHO } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, table } from '../panels.ts';
import { CONFIDENCES } from '../words.ts';
import { BYPASSED, WHAT } from './signs.ts';

const narrowing = [narrows('Team', SOC, 'team'), narrows('Product', SOC, 'product')];

export const refused: Section = {
  id: 300,
  title: 'Refused and bypassed',
  lines: [
    line(
      9,
      bars({
        id: 301,
        title: 'Denials over time',
        description: 'Acts that were refused, by what they were. Compare a rise with "Latest denials" below.',
        unit: 'short',
        sql: `
SELECT $__timeInterval(occurred_at) AS time, action AS series, count() AS denials
FROM audit.trail
WHERE outcome = 'denied' AND ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      table({
        id: 302,
        title: 'Permission bypasses, by whom',
        description:
          'Who worked without permission checks, or switched them off. Managed settings can forbid it (disableBypassPermissionsMode).',
        fields: narrowing,
        sql: `
SELECT max(occurred_at) AS Last, ${WHO} AS Who, ${TEAM} AS Team, ${PRODUCT} AS Product, action AS Action, count() AS Events, session_id AS Session
FROM audit.trail
WHERE ${BYPASSED} AND ${SHOWN}
GROUP BY Who, Team, Product, Action, Session
ORDER BY Last DESC
LIMIT 100`,
      }),
    ),
    line(
      10,
      table({
        id: 303,
        title: 'Latest denials',
        description:
          'The last hundred: who was refused what, by which rule. "Known by" says how far the name can be relied on.',
        fields: [...narrowing, words('Known by', CONFIDENCES)],
        sql: `
SELECT occurred_at AS Time, ${WHO} AS Who, actor_confidence AS "Known by", ${TEAM} AS Team, ${PRODUCT} AS Product, action AS Action,
  ${WHAT} AS What, policy AS Rule, decision_source AS "Decided by", error_type AS Error
FROM audit.trail
WHERE outcome = 'denied' AND ${SHOWN}
ORDER BY occurred_at DESC, event_id
LIMIT 100`,
      }),
    ),
  ],
};
