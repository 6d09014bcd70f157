import { PRODUCT, people, SHOWN, SURFACE } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, table } from '../panels.ts';
import { SURFACES } from '../words.ts';

const eventsBy = (what: string): string => `
SELECT $__timeInterval(occurred_at) AS time, ${what} AS series, count() AS events
FROM audit.trail
WHERE ${SHOWN}
GROUP BY time, series
ORDER BY time, series`;

export const activity: Section = {
  id: 200,
  title: 'Activity',
  lines: [
    line(
      9,
      bars({
        id: 201,
        title: 'Events by surface',
        description: 'Where people met the AI. Sources that do not say count as (none).',
        unit: 'short',
        words: SURFACES,
        sql: eventsBy(SURFACE),
      }),
      bars({
        id: 202,
        title: 'Events by product',
        description: 'Products that reported. One that falls silent shows as a gap: its source may be down.',
        unit: 'short',
        sql: eventsBy(PRODUCT),
      }),
      table({
        id: 203,
        title: 'What was done',
        description: 'Actions of the taxonomy, the most frequent first.',
        sql: `
SELECT action AS Action, count() AS Events, ${people()} AS People, countIf(outcome = 'denied') AS Denied, countIf(outcome = 'failure') AS Failed
FROM audit.trail
WHERE ${SHOWN}
GROUP BY Action
ORDER BY Events DESC, Action`,
      }),
    ),
  ],
};
