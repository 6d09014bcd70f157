import { z } from 'zod';
import { personalHash } from '../../../codec/event.ts';
import type { Store } from '../../../core/store.ts';
import type { Params, Writer } from '../../client.ts';
import { EVENT_COLUMNS, eventRow } from '../../event-row.ts';
import { emptied } from './mutations.ts';
import { CONTENT_TABLES, EVENT_TABLES } from './subject.ts';

/** How many events are read at once, and how many hashes one statement carries: a server bounds what comes as parameters. */
const PAGE = 2_000;
const CARRIED = 200;

/** Written again after a crash, the same rows are no repetition. */
const ALWAYS = { insert_deduplicate: 0, async_insert: 0 } as const;

/** Something that was to be erased is still there. */
export class NotErased extends Error {
  override readonly name = 'NotErased';
}

const salted = z.object({ salt: z.hex(), event_id: z.string() }).loose();

/**
 * Writes down the hashes of what is about to go: what a certificate is about, but for what stays. Answers how many. May be repeated:
 * what is written stays.
 */
export async function writeHashes(writer: Writer, certificate: string): Promise<number> {
  const mine = 'WHERE certificate = {certificate:UUID}';
  const going = `event_id IN (SELECT event_id FROM audit.erasure_candidates ${mine})
    AND event_id NOT IN (SELECT event_id FROM audit.erasure_kept ${mine})
    AND event_id NOT IN (SELECT event_id FROM audit.erased_events ${mine})`;
  const everywhere = EVENT_TABLES.map((name) => `SELECT * FROM audit.${name} WHERE personal_hash IS NULL AND ${going}`);
  for (;;) {
    const rows = await writer.rows(
      `SELECT hex(e.personal_salt) AS salt, ${EVENT_COLUMNS} FROM (${everywhere.join(' UNION ALL ')}) AS e
       LIMIT 1 BY e.event_id LIMIT ${PAGE}`,
      { certificate },
    );
    const hashes = rows.map(hashed);
    for (let at = 0; at < hashes.length; at += CARRIED)
      await writer.run(
        `INSERT INTO audit.erased_events (certificate, event_id, personal_hash)
         SELECT {certificate:UUID}, toUUID(r.1), unhex(r.2)
         FROM (SELECT arrayJoin(JSONExtract({rows:String}, 'Array(Tuple(String, String))')) AS r)`,
        { certificate, rows: JSON.stringify(hashes.slice(at, at + CARRIED)) },
        ALWAYS,
      );
    if (rows.length < PAGE) return countWritten(writer, certificate);
  }
}

function hashed(row: Readonly<Record<string, unknown>>): readonly [string, string] {
  const { salt, event_id } = salted.parse(row);
  const event = { ...eventRow.parse(row), personal_salt: Buffer.from(salt, 'hex') };
  return [event_id, personalHash(event).toString('hex')];
}

const counted = z.object({ rows: z.number() });

export async function countWritten(store: Store, certificate: string): Promise<number> {
  const [row] = await store.rows(
    'SELECT uniqExact(event_id) AS rows FROM audit.erased_events WHERE certificate = {certificate:UUID}',
    { certificate },
  );
  return counted.parse(row).rows;
}

/** The personal columns, and what an erased event holds in them. */
const EMPTY = [
  ...['actor_id', 'actor_email', 'actor_name', 'client_address', 'user_agent', 'host', 'device'].map(
    (name) => `${name} = ''`,
  ),
  ...['target', 'command', 'error_message'].map((name) => `${name} = ''`),
  ...['actor_groups = []', 'file_paths = []', 'personal_attributes = map()'],
  "personal_salt = toFixedString('', 16)",
].join(', ');

const IDS = 'SELECT event_id FROM audit.erased_events WHERE certificate = {certificate:UUID}';

/** What lies where: rows move between tables, so all are asked until none holds any. */
const ROUNDS = 5;

/** A row is done when its hash is the one that was written down; one that a mutation could not look up is looked up again. */
const STILL = `event_id IN (${IDS}) AND (personal_hash IS NULL OR (event_id, assumeNotNull(personal_hash)) NOT IN
  (SELECT event_id, personal_hash FROM audit.erased_events WHERE certificate = {certificate:UUID}))`;

/** Puts the hash in place of the personal part, in every table an event can lie in, and measures that nothing is left. */
export async function erasePersonal(writer: Writer, certificate: string): Promise<void> {
  const params = { certificate };
  await emptied(writer, 'erasing', EVENT_TABLES);
  await writer.run(
    `INSERT INTO audit.erasing SELECT toString(event_id), any(personal_hash) FROM audit.erased_events
     WHERE certificate = {certificate:UUID} GROUP BY event_id`,
    params,
    ALWAYS,
  );
  for (let round = 0; round < ROUNDS; round++) {
    let left = 0;
    for (const name of EVENT_TABLES) {
      const rows = await count(writer, name, STILL, params);
      left += rows;
      if (rows > 0)
        await writer.run(
          `ALTER TABLE audit.${name} UPDATE personal_hash = joinGet('audit.erasing', 'personal_hash', toString(event_id)), ${EMPTY} WHERE ${STILL}`,
          params,
          { mutations_sync: 2 },
        );
    }
    if (left === 0) return emptied(writer, 'erasing', EVENT_TABLES);
  }
  throw new NotErased('rows keep their personal part after they were told to drop it');
}

async function count(store: Store, table: string, where: string, params: Params): Promise<number> {
  const [row] = await store.rows(`SELECT count() AS rows FROM audit.${table} WHERE ${where}`, params);
  return counted.parse(row).rows;
}

/** Takes away what was said in the erased events, with its salt and its seal; answers how many had said something. */
export async function eraseContent(writer: Writer, certificate: string): Promise<number> {
  const params = { certificate };
  for (const name of CONTENT_TABLES) {
    const where = `event_id IN (${IDS})`;
    if ((await count(writer, name, where, params)) === 0) continue;
    await writer.run(`ALTER TABLE audit.${name} DELETE WHERE ${where}`, params, { mutations_sync: 2 });
    if ((await count(writer, name, where, params)) > 0) throw new NotErased(`audit.${name} still holds what was said`);
  }
  const [row] = await writer.rows(
    `SELECT uniqExactIf(event_id, content_commitment IS NOT NULL) AS rows FROM
     (${EVENT_TABLES.map((name) => `SELECT event_id, content_commitment FROM audit.${name} WHERE event_id IN (${IDS})`).join(' UNION ALL ')})`,
    params,
  );
  return counted.parse(row).rows;
}

const name = z.object({ key: z.string() });

/** Names of the keys that seal what a certificate erases and nothing else. `named` are asked about as well. */
export async function keysOf(store: Store, certificate: string, named: readonly string[]): Promise<readonly string[]> {
  const all = CONTENT_TABLES.map((table) => `SELECT key_id, event_id FROM audit.${table} WHERE key_id != ''`).join(
    ' UNION ALL ',
  );
  const rows = await store.rows(
    `SELECT key_id AS key FROM (${all}) GROUP BY key_id
     HAVING countIf(event_id IN (${IDS})) > 0 AND countIf(event_id NOT IN (SELECT event_id FROM audit.erased_events)) = 0
     ORDER BY key`,
    { certificate },
  );
  const alive = await store.rows(
    `SELECT DISTINCT key_id AS key FROM (${all}) WHERE event_id NOT IN (SELECT event_id FROM audit.erased_events)`,
  );
  const others = new Set(alive.map((row) => name.parse(row).key));
  return [...new Set([...rows.map((row) => name.parse(row).key), ...named.filter((key) => !others.has(key))])];
}

const delivered = z.object({ sink: z.string(), events: z.number() });

/** Receivers that hold a copy of what is erased, and how many events each. */
export async function deliveredTo(store: Store, certificate: string): Promise<readonly z.output<typeof delivered>[]> {
  const rows = await store.rows(
    `SELECT d.sink AS sink, uniqExact(d.event_id) AS events FROM audit.event_deliveries AS d
     WHERE d.event_id IN (${IDS}) AND d.state IN ('delivered', 'uncertain') GROUP BY sink ORDER BY sink`,
    { certificate },
  );
  return rows.map((row) => delivered.parse(row));
}
