/** Candidates that are none: for trying whether a condition can be asked at all. */
export const NO_EVENT = "SELECT toUUID('00000000-0000-0000-0000-000000000000') AS event_id";

/** Where an event can lie, its deadline passed or not. */
const EVERYWHERE = ['events', 'events_leaving', 'events_held', 'events_released'];

/** A second person showed where one had been inferred. */
const TAKEN_BACK = "startsWith(c.claim, 'inferred:')";

const filled = (name: string, own: string): string =>
  `if(${TAKEN_BACK} OR e.${name} = '', c.${name.replace('actor_', '')}, ${own}) AS ${name}`;

/** What a correction fills or takes back, as `audit.trail` has it. */
const CORRECTED = [
  "ifNull(lower(hex(e.content_commitment)), '') AS content_commitment",
  `multiIf(${TAKEN_BACK}, if(e.actor_id = '', 'none', 'device'), startsWith(c.claim, 'session:'), c.basis,
    CAST(e.actor_basis AS String)) AS actor_basis`,
  `multiIf(${TAKEN_BACK}, if(e.actor_id = '', 'none', 'inferred'), startsWith(c.claim, 'session:'), c.confidence,
    CAST(e.actor_confidence AS String)) AS actor_confidence`,
  ...['actor_team', 'actor_project', 'actor_organisation'].map((name) => filled(name, `CAST(e.${name} AS String)`)),
  "if(e.actor_id = '', c.id, e.actor_id) AS actor_id",
  filled('actor_email', 'e.actor_email'),
  `if(e.personal_hash IS NOT NULL, 'erased', ${filled('actor_name', 'e.actor_name').replace(' AS actor_name', '')}) AS actor_name`,
  `if(${TAKEN_BACK}, CAST([], 'Array(String)'), e.actor_groups) AS actor_groups`,
];

const INFERRED = (basis: string): string =>
  `e.actor_confidence = 'inferred' AND e.actor_basis = '${basis}' AND e.actor_email != ''`;

/** What an inference from a session, or from a device on a day, is taken back by. */
export const INFERENCE = `multiIf(
  ${INFERRED('session_binding')}, concat('inferred:session:', e.session_id),
  ${INFERRED('device')}, concat('inferred:device:', multiIf(e.device != '', e.device, e.actor_id != '', e.actor_id, e.host), '/',
    toString(toDate(e.received_at))),
  '')`;

/** What nobody is known for is looked up by this. Nobody is to be found out again who was erased. */
export const CLAIM = `multiIf(e.personal_hash IS NOT NULL, '', ${INFERENCE} != '', ${INFERENCE}, e.actor_email != '' OR e.actor_kind IN ('service', 'system'), '',
  e.actor_id != '', if(e.actor_basis = 'none', '', concat('actor:', e.actor_id)),
  e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id), '')`;

/** An id of a device is none of an issuer, whatever the two look like. */
const standsFor = (claim: string, basis: string): string =>
  `if(${basis} = 'device' AND startsWith(${claim}, 'actor:'), concat('device ', ${claim}), ${claim})`;

/**
 * The events of `ids` (a SELECT of event_id) with the columns of `audit.trail`: those past their deadline too, for it is at the
 * deadline that holds are asked about. Not a view: what has run its time is nobody's to read.
 */
export function lasting(ids: string): string {
  const everywhere = EVERYWHERE.map((name) => `SELECT * FROM audit.${name} WHERE event_id IN (${ids})`);
  return `(
    SELECT e.* EXCEPT (personal_salt, personal_hash) REPLACE (${CORRECTED.join(', ')}), c.event_id AS corrected_by,
      e.personal_hash IS NOT NULL AS erased
    FROM (${everywhere.join(' UNION ALL ')}) AS e
    LEFT ANY JOIN
    (
      SELECT ${standsFor('r.claim', 'r.basis')} AS stands_for, any(r.claim) AS claim,
        argMax(r.event_id, r.corrected_at) AS event_id, argMax(r.id, r.corrected_at) AS id,
        argMax(r.email, r.corrected_at) AS email, argMax(r.name, r.corrected_at) AS name,
        argMax(r.team, r.corrected_at) AS team, argMax(r.project, r.corrected_at) AS project,
        argMax(r.organisation, r.corrected_at) AS organisation, argMax(r.basis, r.corrected_at) AS basis,
        argMax(r.confidence, r.corrected_at) AS confidence
      FROM audit.corrections AS r WHERE r.claim != '' GROUP BY stands_for
    ) AS c
    ON c.stands_for = ${standsFor(CLAIM, 'e.actor_basis')}
  )`;
}

/** Claims that stored events still stand under: their corrections are kept. */
export const CLAIMS_IN_USE = EVERYWHERE.map(
  (name) =>
    `SELECT DISTINCT ${CLAIM} AS claim FROM audit.${name} AS e WHERE e.actor_email = '' OR e.actor_confidence = 'inferred'`,
).join(' UNION DISTINCT ');
