import { acts, calls } from './acts.ts';
import { defineQuery, IN_WINDOW, NO_EMAIL, PERSON, WINDOW } from './query.ts';

/** A column of the trail that a parameter may narrow; empty: all. */
const only = (column: string, param: string): string => `({${param}:String} = '' OR ${column} = {${param}:String})`;

/** Addresses differ in case only by chance. */
const BY_USER = `({user:String} = '' OR lower(actor_email) = lower({user:String}))`;

/** Asked for and turned down: what was allowed shows as the act itself. */
const TURNED_DOWN = `(action = 'permission.decision' AND outcome = 'denied')`;

export const shellCommands = defineQuery({
  name: 'shell-commands',
  title: 'Which shell commands did AI tools run or ask to run, for whom, and what came of it?',
  params: { ...WINDOW, user: '', product: '' },
  sql: `SELECT occurred_at, actor_email, ${NO_EMAIL}, actor_confidence, product, host, outcome, command, session_id, event_id
FROM ${acts(`command != '' AND (action = 'shell.exec' OR ${TURNED_DOWN})`)}
WHERE ${BY_USER} AND ${only('product', 'product')}
ORDER BY occurred_at, event_id`,
});

export const filesTouched = defineQuery({
  name: 'files-touched',
  title: 'Which files were read, written or uploaded through AI tools, how often and by how many?',
  params: { ...WINDOW, user: '', path: '' },
  sql: `SELECT file, countIf(action = 'file.read' AND outcome != 'denied') AS read,
  countIf(action = 'file.write' AND outcome != 'denied') AS written,
  countIf(action = 'file.upload' AND outcome != 'denied') AS uploaded,
  countIf(outcome = 'denied') AS denied, uniqExactIf(${PERSON}, ${PERSON} != '') AS people,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM ${acts(`(action IN ('file.read', 'file.write', 'file.upload') OR ${TURNED_DOWN})`)}
ARRAY JOIN if(empty(file_paths) AND action != 'permission.decision', [target], file_paths) AS file
WHERE file != '' AND ${BY_USER} AND ({path:String} = '' OR position(file, {path:String}) > 0)
GROUP BY file
ORDER BY written DESC, read DESC, denied DESC, file`,
});

export const mcpCalls = defineQuery({
  name: 'mcp-calls',
  title: 'Which MCP tools were called, by whom, how often were they denied or failed, and how long did they take?',
  params: { ...WINDOW, server: '', user: '' },
  sql: `SELECT mcp_server, tool_name, ${PERSON} AS person, any(actor_team) AS team, count() AS calls,
  countIf(outcome = 'denied') AS denied, countIf(outcome = 'failure') AS failed,
  round(quantileExactIf(0.5)(ifNull(latency_ms, 0), latency_ms IS NOT NULL), 1) AS median_ms,
  round(quantileExactIf(0.95)(ifNull(latency_ms, 0), latency_ms IS NOT NULL), 1) AS p95_ms,
  arrayStringConcat(arraySort(groupUniqArrayArray(splitByString(', ', a.reported_by))), ', ') AS reported_by
FROM ${acts(`(action = 'mcp.tool.call' OR (mcp_server != '' AND ${TURNED_DOWN}))`)} AS a
WHERE ${only('mcp_server', 'server')} AND ${BY_USER}
GROUP BY mcp_server, tool_name, person
ORDER BY calls DESC, mcp_server, tool_name, person`,
});

export const models = defineQuery({
  name: 'models',
  title: 'Which models were asked for and which answered, through which products and provider? Each call counts once.',
  params: { ...WINDOW },
  sql: `SELECT model_requested, model_served, provider, region, reported_by, count() AS requests,
  countIf(outcome = 'denied') AS denied, countIf(outcome = 'failure') AS failed,
  uniqExactIf(${PERSON}, ${PERSON} != '' AND actor_kind NOT IN ('service', 'system')) AS people,
  round(quantileExactIf(0.95)(ifNull(latency_ms, 0), latency_ms IS NOT NULL), 1) AS p95_ms
FROM ${calls("action = 'llm.request'")}
GROUP BY model_requested, model_served, provider, region, reported_by
ORDER BY requests DESC, model_requested, model_served, provider, region, reported_by`,
});

export const guardrails = defineQuery({
  name: 'guardrails',
  title: 'Which guardrails stepped in, in which mode, what did they do and to whom?',
  params: { ...WINDOW },
  sql: `SELECT g.name AS guardrail, g.provider AS provider, g.phase AS phase, g.mode AS mode, g.verdict AS verdict,
  arrayStringConcat(arraySort(groupUniqArrayArray(g.categories)), ', ') AS categories, count() AS hits,
  sum(g.masked_count) AS masked, uniqExactIf(${PERSON}, ${PERSON} != '') AS people, max(occurred_at) AS last_at
FROM audit.trail ARRAY JOIN guardrails AS g
WHERE ${IN_WINDOW} AND action = 'guardrail.fired'
GROUP BY guardrail, provider, phase, mode, verdict
ORDER BY hits DESC, guardrail, phase, mode, verdict`,
});

export const limits = defineQuery({
  name: 'budgets',
  title: 'Who ran into a budget or a rate limit?',
  params: { ...WINDOW },
  sql: `SELECT occurred_at, if(action = 'budget.exceeded', 'budget', 'rate limit') AS stopped_by, actor_email, ${NO_EMAIL}, actor_team,
  product, model_requested, policy, status_code, error_message, event_id
FROM audit.trail
WHERE ${IN_WINDOW} AND action IN ('budget.exceeded', 'ratelimit.exceeded')
ORDER BY occurred_at, event_id`,
});
