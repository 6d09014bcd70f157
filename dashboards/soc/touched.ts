import { configChanges } from '../../services/clickhouse/queries/config-changes.ts';
import { PERSON } from '../../services/clickhouse/queries/query.ts';
import { SOC } from '../addresses.ts';
import { narrows, unit, words } from '../fields.ts';
import { named, PRODUCT, people, SHOWN, TEAM, WHO } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { asShown } from '../named.ts';
import { bars, table } from '../panels.ts';
import { CONFIDENCES, OUTCOMES } from '../words.ts';

const outcome = words('Outcome', OUTCOMES);
const narrowing = [narrows('Team', SOC, 'team'), narrows('Product', SOC, 'product')];

/** Files that were read, written or uploaded, one row each. */
const FILES = `
  SELECT occurred_at, event_id, ${PERSON} AS person, ${TEAM} AS team, ${PRODUCT} AS reporter, action AS act, outcome AS result,
    arrayJoin(if(empty(file_paths), [target], file_paths)) AS file
  FROM audit.trail
  WHERE action IN ('file.read', 'file.write', 'file.upload') AND ${SHOWN}`;

export const touched: Section = {
  id: 500,
  title: 'What was touched',
  lines: [
    line(
      9,
      table({
        id: 501,
        title: 'Production configuration changed',
        description:
          'Changes made with Claude Code to files or by commands that name production. The same rule as `trailhouse query config-changes`; a change without a ticket wants a question.',
        fields: [outcome, words('Known by', CONFIDENCES)],
        sql: `
SELECT occurred_at AS Time, if(actor_email = '', actor_without_email, actor_email) AS Who, actor_confidence AS "Known by",
  action AS Action, changed AS Changed, outcome AS Outcome, session_id AS Session
FROM
(
${asShown(configChanges)}
)
ORDER BY Time DESC, event_id
LIMIT 100`,
      }),
    ),
    line(
      9,
      bars({
        id: 502,
        title: 'MCP calls by server',
        description: 'Calls of tools of MCP servers. A server nobody approved shows here first.',
        unit: 'short',
        sql: `
SELECT $__timeInterval(occurred_at) AS time, ${named('mcp_server')} AS series, count() AS calls
FROM audit.trail
WHERE action = 'mcp.tool.call' AND ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      table({
        id: 503,
        title: 'MCP calls by tool and person',
        description:
          'Who called which tool of which server, the most frequent first. "Typical" is the median time a call took.',
        fields: unit('ms', 'Typical'),
        sql: `
SELECT ${named('mcp_server')} AS Server, ${named('tool_name')} AS Tool, ${WHO} AS Who, count() AS Calls, countIf(outcome = 'denied') AS Denied,
  countIf(outcome = 'failure') AS Failed, quantile(0.5)(latency_ms) AS Typical, max(occurred_at) AS Last
FROM audit.trail
WHERE action = 'mcp.tool.call' AND ${SHOWN}
GROUP BY Server, Tool, Who
ORDER BY Calls DESC, Server, Tool, Who
LIMIT 200`,
      }),
    ),
    line(
      9,
      table({
        id: 504,
        title: 'Shell commands, most frequent',
        description: 'Commands as they were run. Secrets in them are replaced.',
        sql: `
SELECT command AS Command, count() AS Runs, ${people()} AS People, countIf(outcome = 'failure') AS Failed, max(occurred_at) AS Last
FROM audit.trail
WHERE action = 'shell.exec' AND ${SHOWN}
GROUP BY Command
ORDER BY Runs DESC, Command
LIMIT 50`,
      }),
      table({
        id: 505,
        title: 'Shell commands, latest',
        description: 'The last hundred that were run.',
        fields: [outcome, ...narrowing],
        sql: `
SELECT occurred_at AS Time, ${WHO} AS Who, ${TEAM} AS Team, ${PRODUCT} AS Product, command AS Command, outcome AS Outcome
FROM audit.trail
WHERE action = 'shell.exec' AND ${SHOWN}
ORDER BY Time DESC, event_id
LIMIT 100`,
      }),
    ),
    line(
      9,
      table({
        id: 506,
        title: 'Files, most touched',
        description: 'Files read, written and uploaded, each counted on its own where an act touched several.',
        sql: `
SELECT file AS File, countIf(act = 'file.read') AS Read, countIf(act = 'file.write') AS Written, countIf(act = 'file.upload') AS Uploaded,
  ${people('person')} AS People, countIf(result = 'denied') AS Denied
FROM
(${FILES}
)
GROUP BY File
ORDER BY count() DESC, File
LIMIT 50`,
      }),
      table({
        id: 507,
        title: 'Files, latest',
        description: 'The last hundred that were touched.',
        fields: [outcome, ...narrowing],
        sql: `
SELECT occurred_at AS Time, ${named('person')} AS Who, team AS Team, reporter AS Product, act AS Action, file AS File, result AS Outcome
FROM
(${FILES}
)
ORDER BY Time DESC, event_id, File
LIMIT 100`,
      }),
    ),
  ],
};
