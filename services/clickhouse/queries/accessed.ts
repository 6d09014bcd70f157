import { acts } from './acts.ts';
import { defineQuery, PERSON, WINDOW } from './query.ts';

const ACCESS = `(action IN ('file.read', 'file.write', 'file.upload', 'mcp.tool.call', 'network.request', 'shell.exec', 'data.read')
    OR (action = 'permission.decision' AND outcome = 'denied'))`;

export const accessed = defineQuery({
  name: 'accessed',
  title: 'What did the AI tools access in a period, and what were they denied: files, tools, addresses?',
  params: { ...WINDOW, product: '' },
  sql: `SELECT kind, product, accessed, countIf(outcome != 'denied') AS times, uniqExactIf(person, person != '') AS people, countIf(outcome = 'denied') AS denied,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM
(
  SELECT occurred_at, product, outcome, ${PERSON} AS person,
    multiIf(
      action = 'file.read', 'file read',
      action = 'file.write', 'file written',
      action = 'file.upload', 'file uploaded',
      action = 'mcp.tool.call', 'MCP tool',
      action = 'network.request', 'address',
      action = 'shell.exec', 'command',
      action = 'data.read', 'stored data',
      command != '', 'command',
      mcp_server != '', 'MCP tool',
      empty(file_paths), 'tool',
      tool_name = 'Read', 'file read', 'file written') AS kind,
    arrayJoin(multiIf(
      kind = 'MCP tool', [if(mcp_server = '', tool_name, concat(mcp_server, '/', tool_name))],
      kind = 'command', [command],
      kind = 'tool', [tool_name],
      empty(file_paths), [target], file_paths)) AS accessed
  FROM ${acts(ACCESS)}
)
WHERE {product:String} = '' OR product = {product:String}
GROUP BY kind, product, accessed
ORDER BY kind, product, times DESC, accessed`,
});
