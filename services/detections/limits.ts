import { anyOf } from './policy.ts';
import { BY_PERSON_AND_DAY, type Rule, USE } from './rule.ts';

const MODEL = "if(t.model_served = '', t.model_requested, t.model_served)";

export const modelNotAllowed: Rule = {
  name: 'model-not-allowed',
  severity: 'medium',
  title: 'A model was used that is not on the list of allowed ones',
  advice: 'Allow the model in the policy, or take it off the gateway.',
  sql: `SELECT ${BY_PERSON_AND_DAY(MODEL)}
FROM audit.trail AS t
WHERE ${USE} AND t.action = 'llm.request' AND t.outcome != 'denied' AND ${MODEL} != '' AND NOT match(${MODEL}, {allowed:String})
GROUP BY key ORDER BY first_at`,
  params: ({ models }) => (models === undefined ? undefined : { allowed: anyOf(models) }),
};

export const mcpServerNotApproved: Rule = {
  name: 'mcp-server-not-approved',
  severity: 'high',
  title: 'An MCP server was used that nobody approved',
  advice:
    'Find out what it was given, then approve the server in the policy or deny it at the MCP gateway and in managed settings.',
  sql: `SELECT ${BY_PERSON_AND_DAY('t.mcp_server')}
FROM audit.trail AS t
WHERE ${USE} AND t.action IN ('mcp.server.connect', 'mcp.tool.call', 'mcp.request') AND t.outcome != 'denied'
  AND t.mcp_server != '' AND NOT match(t.mcp_server, {allowed:String})
GROUP BY key ORDER BY first_at`,
  params: ({ mcp_servers }) => (mcp_servers === undefined ? undefined : { allowed: anyOf(mcp_servers) }),
};

/** Claude Code's managed settings call it `cleanupPeriodDays`; whatever reports it keeps the word. */
const DAYS = `toInt64OrNull(arrayFirst(value -> value != '', mapValues(mapFilter((name, _) ->
    match(name, '(?i)cleanup_?period_?days$'), t.attributes))))`;

export const transcriptsOutsidePolicy: Rule = {
  name: 'transcripts-outside-policy',
  severity: 'medium',
  title: 'A client keeps transcripts longer or shorter than the policy says',
  advice: 'Set cleanupPeriodDays in the managed settings of the machine.',
  sql: `SELECT ${BY_PERSON_AND_DAY(`concat(toString(${DAYS}), ' days')`)}
FROM audit.trail AS t
WHERE ${USE} AND ${DAYS} IS NOT NULL AND (${DAYS} < {at_least:Int64} OR ${DAYS} > {at_most:Int64})
GROUP BY key ORDER BY first_at`,
  params: ({ transcript_days }) => transcript_days,
};

export const outsideRegion: Rule = {
  name: 'outside-region',
  severity: 'high',
  title: 'A call was served outside the regions its source is allowed',
  advice: 'Pin the route to a region at the gateway.',
  sql: `SELECT ${BY_PERSON_AND_DAY("concat(t.origin_topic, ' in ', t.region)")}
FROM audit.trail AS t
ARRAY JOIN {topics:Array(String)} AS topic, {allowed:Array(String)} AS allowed
WHERE ${USE} AND t.outcome != 'denied' AND t.region != '' AND t.origin_topic = topic AND NOT match(t.region, allowed)
GROUP BY key ORDER BY first_at`,
  params: ({ regions }) =>
    regions.length === 0
      ? undefined
      : { topics: regions.map(({ topic }) => topic), allowed: regions.map(({ allowed }) => anyOf(allowed)) },
};
