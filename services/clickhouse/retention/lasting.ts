/** Candidates that are none: for trying whether a condition can be asked at all. */
export const NO_EVENT = "SELECT toUUID('00000000-0000-0000-0000-000000000000') AS event_id";

/** Where an event can lie, its deadline passed or not. */
const EVERYWHERE = ['events', 'events_leaving', 'events_held', 'events_released'];

/** What a correction fills, as `audit.trail` has it. */
const CORRECTED = [
  "ifNull(lower(hex(e.content_commitment)), '') AS content_commitment",
  "if(startsWith(c.claim, 'session:'), c.basis, CAST(e.actor_basis AS String)) AS actor_basis",
  "if(startsWith(c.claim, 'session:'), c.confidence, CAST(e.actor_confidence AS String)) AS actor_confidence",
  "if(e.actor_team = '', c.team, CAST(e.actor_team AS String)) AS actor_team",
  "if(e.actor_project = '', c.project, CAST(e.actor_project AS String)) AS actor_project",
  "if(e.actor_organisation = '', c.organisation, CAST(e.actor_organisation AS String)) AS actor_organisation",
  "if(e.actor_id = '', c.id, e.actor_id) AS actor_id",
  "if(e.actor_email = '', c.email, e.actor_email) AS actor_email",
  "if(e.actor_name = '', c.name, e.actor_name) AS actor_name",
];

/** What nobody is known for is looked up by this. */
export const CLAIM = `multiIf(e.actor_email != '' OR e.actor_kind IN ('service', 'system'), '',
  e.actor_id != '', if(e.actor_basis = 'none', '', concat('actor:', e.actor_id)),
  e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id), '')`;

/**
 * The events of `ids` (a SELECT of event_id) with the columns of `audit.trail`: those past their deadline too, for it is at the
 * deadline that holds are asked about. Not a view: what has run its time is nobody's to read.
 */
export function lasting(ids: string): string {
  const everywhere = EVERYWHERE.map((name) => `SELECT * FROM audit.${name} WHERE event_id IN (${ids})`);
  return `(
    SELECT e.* EXCEPT (personal_salt) REPLACE (${CORRECTED.join(', ')}), c.event_id AS corrected_by
    FROM (${everywhere.join(' UNION ALL ')}) AS e
    LEFT ANY JOIN
    (
      SELECT r.claim AS claim, argMax(r.event_id, r.corrected_at) AS event_id, argMax(r.id, r.corrected_at) AS id,
        argMax(r.email, r.corrected_at) AS email, argMax(r.name, r.corrected_at) AS name,
        argMax(r.team, r.corrected_at) AS team, argMax(r.project, r.corrected_at) AS project,
        argMax(r.organisation, r.corrected_at) AS organisation, argMax(r.basis, r.corrected_at) AS basis,
        argMax(r.confidence, r.corrected_at) AS confidence, basis = 'device' AS of_device
      FROM audit.corrections AS r WHERE r.claim != '' GROUP BY r.claim
    ) AS c
    ON c.claim = ${CLAIM} AND c.of_device = (e.actor_id != '' AND e.actor_basis = 'device')
  )`;
}

/** Claims that stored events still stand under: their corrections are kept. */
export const CLAIMS_IN_USE = ['events', 'events_held']
  .map((name) => `SELECT DISTINCT ${CLAIM} AS claim FROM audit.${name} AS e WHERE e.actor_email = ''`)
  .join(' UNION DISTINCT ');
