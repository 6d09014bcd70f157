import { words } from '../fields.ts';
import { PRODUCT, SHOWN } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, table } from '../panels.ts';
import { DATA_CLASSES, VERDICTS } from '../words.ts';

export const guarded: Section = {
  id: 400,
  title: 'Guardrails and data',
  lines: [
    line(
      9,
      bars({
        id: 401,
        title: 'Guardrails by verdict',
        description:
          'What guardrails said, each time one ran. Sources differ in whether they report those that passed.',
        unit: 'short',
        words: VERDICTS,
        sql: `
SELECT $__timeInterval(occurred_at) AS time, arrayJoin(guardrails.verdict) AS series, count() AS runs
FROM audit.trail
WHERE ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      table({
        id: 402,
        title: 'Guardrails',
        description: 'By name and verdict. "Places masked" is the guardrails\' own count, where they give one.',
        fields: [words('Verdict', VERDICTS)],
        sql: `
SELECT g.name AS Guardrail, g.provider AS Provider, g.phase AS Phase, g.mode AS Mode, g.verdict AS Verdict, count() AS Runs,
  sum(g.masked_count) AS "Places masked", arrayStringConcat(arraySort(groupUniqArrayArray(g.categories)), ', ') AS Found
FROM (SELECT arrayJoin(guardrails) AS g FROM audit.trail WHERE ${SHOWN})
GROUP BY Guardrail, Provider, Phase, Mode, Verdict
ORDER BY Runs DESC, Guardrail, Verdict`,
      }),
    ),
    line(
      9,
      bars({
        id: 403,
        title: 'Secrets masked over time',
        description: 'Credentials that were replaced before anything was stored, by the product whose text held them.',
        unit: 'short',
        sql: `
SELECT $__timeInterval(occurred_at) AS time, ${PRODUCT} AS series, sum(secrets_masked) AS secrets
FROM audit.trail
WHERE secrets_masked > 0 AND ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      bars({
        id: 404,
        title: 'Data classes',
        description:
          'Events whose texts held health data (phi), personal data (pii), credentials (secret) or source code. One event can count for several.',
        unit: 'short',
        words: DATA_CLASSES,
        sql: `
SELECT $__timeInterval(occurred_at) AS time, arrayJoin(data_classes) AS series, count() AS events
FROM audit.trail
WHERE ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
    ),
  ],
};
