import { defineQuery, IN_WINDOW, WINDOW } from './query.ts';

export const accessed = defineQuery({
  name: 'accessed',
  title: 'What did the AI tools access in a period: files, tools, addresses?',
  params: { ...WINDOW, product: '' },
  sql: `SELECT kind, product, accessed, count() AS times, uniqExact(actor_email) AS people, countIf(outcome = 'denied') AS denied,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM
(
  SELECT occurred_at, product, actor_email, outcome, if(action = 'file.read', 'file read', 'file written') AS kind,
    arrayJoin(file_paths) AS accessed
  FROM audit.trail WHERE action IN ('file.read', 'file.write') AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, actor_email, outcome, 'file uploaded' AS kind,
    if(empty(file_paths), target, arrayStringConcat(file_paths, ', ')) AS accessed
  FROM audit.trail WHERE action = 'file.upload' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, actor_email, outcome, 'MCP tool' AS kind,
    if(mcp_server = '', tool_name, concat(mcp_server, '/', tool_name)) AS accessed
  FROM audit.trail WHERE action = 'mcp.tool.call' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, actor_email, outcome, 'address' AS kind, target AS accessed
  FROM audit.trail WHERE action = 'network.request' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, actor_email, outcome, 'command' AS kind, command AS accessed
  FROM audit.trail WHERE action = 'shell.exec' AND ${IN_WINDOW}
  UNION ALL
  SELECT occurred_at, product, actor_email, outcome, 'stored data' AS kind, target AS accessed
  FROM audit.trail WHERE action = 'data.read' AND ${IN_WINDOW}
)
WHERE {product:String} = '' OR product = {product:String}
GROUP BY kind, product, accessed
ORDER BY kind, product, times DESC, accessed`,
});
