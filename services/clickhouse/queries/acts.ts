import { IN_WINDOW } from './query.ts';

/** Sources by how sure they are of the person, the surest first; the first to arrive of equals. */
const SUREST = `(t.actor_email = '', indexOf(['verified', 'claimed', 'inferred', 'none'], t.actor_confidence), t.received_at, t.event_id)`;

/** The client that acts names its surface; a hook of it and a gateway behind it do not. */
const CLIENT = `(t.product = '', t.surface = '', t.received_at, t.event_id)`;

const who = (column: string): string => `argMin(t.${column}, ${SUREST}) AS ${column}`;
const any = (column: string): string => `max(t.${column}) AS ${column}`;

const REPORTED_BY = `arrayStringConcat(arraySort(groupUniqArray(if(t.product = '', t.format, t.product))), ', ') AS reported_by`;

/** Reports that may be of one act, numbered per source: what a source tells twice happened twice, with a constant for an id, say. */
const numbered = (condition: string, same: string): string => `(
    SELECT *, row_number() OVER (PARTITION BY ${same}, format ORDER BY occurred_at, event_id) AS nth
    FROM audit.trail WHERE ${IN_WINDOW} AND ${condition}
  )`;

const SAME_ACT = ['session_id', 'action', 'outcome', 'tool_name', 'mcp_server', 'command', 'target', 'file_paths'];

/**
 * Acts of the window, as a table. The telemetry of a client, its hooks and a gateway may each tell of one tool call: where
 * the session, the call's id and everything said of the act agree, it is one row, put down to whom the surest of them
 * names. What differs in anything stays apart: no report can hide another.
 */
export const acts = (condition: string): string => `(
  SELECT min(t.occurred_at) AS occurred_at, argMin(t.product, ${CLIENT}) AS product,
    ${SAME_ACT.map((column) => `t.${column} AS ${column}`).join(', ')},
    ${['actor_email', 'actor_id', 'actor_name', 'actor_team', 'actor_confidence'].map(who).join(', ')},
    ${['host', 'decision_source', 'error_message', 'latency_ms'].map(any).join(', ')},
    max(if(t.policy = '', arrayStringConcat(t.guardrails.name, ', '), t.policy)) AS policy,
    ${REPORTED_BY},
    argMin(t.event_id, ${SUREST}) AS event_id
  FROM ${numbered(condition, ['tool_use_id', ...SAME_ACT].join(', '))} AS t
  GROUP BY if(t.tool_use_id = '' OR t.session_id = '', toString(t.event_id), t.tool_use_id), t.nth,
    ${SAME_ACT.map((column) => `t.${column}`).join(', ')}
)`;

/** Calls of models in the window, as a table: a client and the gateway behind it tell of one call by the same id. */
export const calls = (condition: string): string => `(
  SELECT t.model_requested AS model_requested, t.outcome AS outcome,
    ${['actor_email', 'actor_id', 'actor_kind'].map(who).join(', ')},
    ${['model_served', 'provider', 'region', 'latency_ms'].map(any).join(', ')}, ${REPORTED_BY}
  FROM ${numbered(condition, 'request_id, model_requested, outcome')} AS t
  GROUP BY if(t.request_id = '', toString(t.event_id), t.request_id), t.nth, t.model_requested, t.outcome
)`;
