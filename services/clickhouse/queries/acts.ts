import { IN_WINDOW } from './query.ts';

/** Sources by how sure they are of the person, the surest first; the first to arrive of equals. */
const SUREST = `(t.actor_email = '', indexOf(['verified', 'claimed', 'inferred', 'none'], t.actor_confidence), t.received_at, t.event_id)`;

/** The client that acts names its surface; a hook of it and a gateway behind it do not. */
const CLIENT = `(t.product = '', t.surface = '', t.received_at, t.event_id)`;

const who = (column: string): string => `argMin(t.${column}, ${SUREST}) AS ${column}`;
const any = (column: string): string => `max(t.${column}) AS ${column}`;

const REPORTED_BY = `arrayStringConcat(arraySort(groupUniqArray(if(t.product = '', t.format, t.product))), ', ') AS reported_by`;

/**
 * Acts of the window, as a table. The telemetry of a client, its hooks and a gateway may each tell of one tool call: where
 * the session, the call's id and everything said of the act agree, it is one row, put down to whom the surest of them
 * names. What differs in anything stays apart: no report can hide another.
 */
export const acts = (condition: string): string => `(
  SELECT min(t.occurred_at) AS occurred_at, t.action AS action, t.outcome AS outcome, argMin(t.product, ${CLIENT}) AS product,
    ${['actor_email', 'actor_id', 'actor_name', 'actor_team', 'actor_confidence'].map(who).join(', ')},
    t.session_id AS session_id, t.tool_name AS tool_name, t.mcp_server AS mcp_server, t.command AS command,
    t.target AS target, t.file_paths AS file_paths,
    ${['host', 'policy', 'decision_source', 'latency_ms'].map(any).join(', ')},
    ${REPORTED_BY},
    argMin(t.event_id, ${SUREST}) AS event_id
  FROM (SELECT * FROM audit.trail WHERE ${IN_WINDOW} AND ${condition}) AS t
  GROUP BY if(t.tool_use_id = '', toString(t.event_id), t.tool_use_id), t.session_id, t.action, t.outcome, t.tool_name,
    t.mcp_server, t.command, t.target, t.file_paths
)`;

/** Calls of models in the window, as a table: a client and the gateway behind it tell of one call by the same id. */
export const calls = (condition: string): string => `(
  SELECT t.model_requested AS model_requested, t.outcome AS outcome,
    ${['actor_email', 'actor_id'].map(who).join(', ')},
    ${['model_served', 'provider', 'region', 'latency_ms'].map(any).join(', ')}, ${REPORTED_BY}
  FROM (SELECT * FROM audit.trail WHERE ${IN_WINDOW} AND ${condition}) AS t
  GROUP BY if(t.request_id = '', toString(t.event_id), t.request_id), t.model_requested, t.outcome
)`;
