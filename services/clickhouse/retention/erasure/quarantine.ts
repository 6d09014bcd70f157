import { z } from 'zod';
import type { Store } from '../../../core/store.ts';
import type { Writer } from '../../client.ts';
import { type PlacedHold, windowSql } from '../holds.ts';
import { record } from '../steps.ts';
import { emptied } from './mutations.ts';

const ALWAYS = { insert_deduplicate: 0, async_insert: 0 } as const;

const TABLES = ['quarantine', 'quarantine_leaving'] as const;

/** A quarantined message as it is sealed. */
export interface SealedMessage {
  readonly id: string;
  readonly sealed: Uint8Array;
}

const key = z.object({ key: z.string() });

/** Names of the keys that quarantined messages are sealed under. */
export async function quarantineKeys(store: Store): Promise<readonly string[]> {
  const all = TABLES.map((name) => `SELECT key_id FROM audit.${name}`).join(' UNION ALL ');
  const rows = await store.rows(`SELECT DISTINCT key_id AS key FROM (${all}) ORDER BY key`);
  return rows.map((row) => key.parse(row).key);
}

const message = z.object({ id: z.string(), sealed: z.base64() });

/** Messages sealed under a key, a page at a time, in the order of their ids. */
export async function sealedUnder(
  store: Store,
  name: string,
  { after, most }: { readonly after: string; readonly most: number },
): Promise<readonly SealedMessage[]> {
  const all = TABLES.map((table) => `SELECT quarantine_id, sealed FROM audit.${table} WHERE key_id = {name:String}`);
  const rows = await store.rows(
    `SELECT toString(q.quarantine_id) AS id, base64Encode(q.sealed) AS sealed FROM (${all.join(' UNION ALL ')}) AS q
     WHERE toString(q.quarantine_id) > {after:String} ORDER BY id LIMIT {most:UInt32}`,
    { name, after, most },
  );
  return rows.map((row) => {
    const { id, sealed } = message.parse(row);
    return { id, sealed: Buffer.from(sealed, 'base64') };
  });
}

const held = z.object({ rows: z.number() });

/** The first hold that keeps a message sealed under a key; undefined where none does. */
export async function holdOver(
  store: Store,
  name: string,
  holds: readonly PlacedHold[],
): Promise<PlacedHold | undefined> {
  const all = TABLES.map(
    (table) => `SELECT origin_topic, received_at FROM audit.${table} WHERE key_id = {name:String}`,
  );
  for (const hold of holds.filter(({ quarantine }) => quarantine !== '')) {
    const topic = hold.quarantine === '*' ? [] : ['q.origin_topic = {topic:String}'];
    const where = ['true', ...topic, ...windowSql(hold, 'q.received_at')].join(' AND ');
    const [row] = await store.rows(`SELECT count() AS rows FROM (${all.join(' UNION ALL ')}) AS q WHERE ${where}`, {
      name,
      topic: hold.quarantine,
    });
    if (held.parse(row).rows > 0) return hold;
  }
  return undefined;
}

const reached = z.object({ partition: z.number(), next: z.number() });

/** How far the quarantine topic is stored, by partition. */
export async function quarantineStored(store: Store): Promise<ReadonlyMap<number, number>> {
  const rows = await store.rows(
    "SELECT j.partition AS partition, max(j.next) AS next FROM audit.journal AS j WHERE j.topic = 'audit.quarantine' GROUP BY partition",
  );
  return new Map(rows.map((row) => reached.parse(row)).map(({ partition, next }) => [partition, next]));
}

/** Where nothing is looked up the row stays as it is: a message that was lost here nobody could bring back. */
const FOUND = "joinGet('audit.resealing', 'sealed', toString(quarantine_id))";

/** Puts messages under another key. What is not among them stays under the old one. */
export async function reseal(
  writer: Writer,
  { from, to }: { readonly from: string; readonly to: string },
  messages: readonly SealedMessage[],
): Promise<void> {
  await emptied(writer, 'resealing', TABLES);
  for (const { id, sealed } of messages)
    await writer.run(
      'INSERT INTO audit.resealing SELECT {id:String}, base64Decode({sealed:String})',
      { id, sealed: Buffer.from(sealed).toString('base64') },
      ALWAYS,
    );
  for (const table of TABLES)
    await writer.run(
      `ALTER TABLE audit.${table} UPDATE sealed = if(${FOUND} = '', sealed, ${FOUND}), key_id = if(${FOUND} = '', key_id, {to:String})
       WHERE key_id = {from:String} AND toString(quarantine_id) IN (SELECT r.quarantine_id FROM audit.resealing AS r)`,
      { from, to },
      { mutations_sync: 2 },
    );
  await emptied(writer, 'resealing', TABLES);
}

/**
 * Deletes messages, and counts them as deleted under the certificate, so that accounts add up. May be repeated.
 */
export async function dropMessages(
  writer: Writer,
  ids: readonly string[],
  certificate: string,
  now: number,
): Promise<void> {
  await record(writer, certificate, 'told', 'erasure', now);
  await record(writer, certificate, 'certified', 'erasure', now);
  for (const id of ids) {
    const left = TABLES.map((table) => `SELECT * FROM audit.${table} WHERE quarantine_id = {id:UUID}`).join(
      ' UNION ALL ',
    );
    await writer.run(
      `INSERT INTO audit.deletions
         (certificate, stored_in, retention_class, retention_bucket, origin_epoch, origin_topic, origin_partition, first, rows, at)
       SELECT {certificate:UUID}, 'quarantine', '', q.retention_bucket, q.origin_epoch, q.origin_topic, q.origin_partition, a.first,
         1, fromUnixTimestamp64Micro({now:Int64}, 'UTC')
       FROM (SELECT retention_bucket, origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, origin_offset
             FROM (${left}) LIMIT 1) AS q
       ASOF INNER JOIN (SELECT origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, first FROM audit.accounting) AS a
       ON q.origin_epoch = a.origin_epoch AND q.origin_topic = a.origin_topic AND q.origin_partition = a.origin_partition
         AND q.origin_offset >= a.first`,
      { id, certificate, now },
      { insert_deduplicate: 1, async_insert: 0, insert_deduplication_token: `${certificate}/${id}` },
    );
    for (const table of TABLES)
      await writer.run(
        `ALTER TABLE audit.${table} DELETE WHERE quarantine_id = {id:UUID}`,
        { id },
        { mutations_sync: 2 },
      );
  }
}

const counted = z.object({ rows: z.number() });

/** How many messages were deleted under a certificate. */
export async function messagesDropped(store: Store, certificate: string): Promise<number> {
  const [row] = await store.rows(
    'SELECT sum(d.rows) AS rows FROM audit.deletions AS d WHERE d.certificate = {certificate:UUID}',
    { certificate },
  );
  return counted.parse(row).rows;
}
