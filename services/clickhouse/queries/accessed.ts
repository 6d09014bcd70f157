import { defineQuery, IN_WINDOW, PERSON, WINDOW } from './query.ts';

export const accessed = defineQuery({
  name: 'accessed',
  title: 'What did the AI tools access in a period, and what were they denied: files, tools, addresses?',
  params: { ...WINDOW, product: '' },
  sql: `SELECT kind, product, accessed, countIf(outcome != 'denied') AS times, uniqExactIf(person, person != '') AS people, countIf(outcome = 'denied') AS denied,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM
(
  SELECT occurred_at, product, ${PERSON} AS person, outcome, if(action = 'file.read', 'file read', 'file written') AS kind,
    arrayJoin(if(empty(file_paths), [target], file_paths)) AS accessed
  FROM audit.trail WHERE action IN ('file.read', 'file.write') AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome, 'file uploaded' AS kind,
    if(empty(file_paths), target, arrayStringConcat(file_paths, ', ')) AS accessed
  FROM audit.trail WHERE action = 'file.upload' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome, 'MCP tool' AS kind,
    if(mcp_server = '', tool_name, concat(mcp_server, '/', tool_name)) AS accessed
  FROM audit.trail WHERE action = 'mcp.tool.call' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome, 'address' AS kind, target AS accessed
  FROM audit.trail WHERE action = 'network.request' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome, 'command' AS kind, command AS accessed
  FROM audit.trail WHERE action = 'shell.exec' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome, 'stored data' AS kind, target AS accessed
  FROM audit.trail WHERE action = 'data.read' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, ${PERSON} AS person, outcome,
    multiIf(command != '', 'command', mcp_server != '', 'MCP tool', empty(file_paths), 'tool',
      tool_name = 'Read', 'file read', 'file written') AS kind,
    multiIf(command != '', command, mcp_server != '', concat(mcp_server, '/', tool_name), empty(file_paths), tool_name,
      arrayStringConcat(file_paths, ', ')) AS accessed
  FROM audit.trail WHERE action = 'permission.decision' AND outcome = 'denied' AND ${IN_WINDOW}
)
WHERE {product:String} = '' OR product = {product:String}
GROUP BY kind, product, accessed
ORDER BY kind, product, times DESC, accessed`,
});
