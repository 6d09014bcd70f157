import { mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type RawMessage, rawMessage } from '../codec/records.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import type { Keys } from '../privacy/keys.ts';
import { unseal } from '../privacy/seal.ts';
import { RETRY_HEADER } from './ingest/retry.ts';

interface Parts {
  readonly store: Store;
  readonly log: Log;
  readonly keys: Keys;
  /** Directory with an empty file for every message that was sent again from this machine. */
  readonly retried: string;
}

type Opened =
  | {
      readonly kind: 'opened';
      readonly id: string;
      readonly topic: string;
      readonly partition: number;
      readonly message: RawMessage;
    }
  | { readonly kind: 'closed'; readonly reason: string };

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The message as it arrived. Its key is gone once its day was erased. */
export async function opened(id: string, { store, keys }: Parts): Promise<Opened> {
  if (!ID.test(id)) return { kind: 'closed', reason: `${id.slice(0, 40)} is no quarantine id` };
  const [row] = await store.rows(
    'SELECT origin_topic, origin_partition, key_id, base64Encode(sealed) AS sealed FROM audit.quarantine WHERE quarantine_id = {id:UUID}',
    { id },
  );
  if (row === undefined) return { kind: 'closed', reason: `no quarantined message has the id ${id}` };
  const key = await keys.find(String(row.key_id));
  if (key === undefined)
    return { kind: 'closed', reason: `the key ${row.key_id} is not on this machine or was destroyed` };
  const plain = unseal(key, Buffer.from(String(row.sealed), 'base64'), Buffer.from(id));
  if (plain === undefined) return { kind: 'closed', reason: `the bytes of ${id} do not verify under their key` };
  return {
    kind: 'opened',
    id,
    topic: String(row.origin_topic),
    partition: Number(row.origin_partition),
    message: rawMessage.decode(plain),
  };
}

type Sent = { readonly kind: 'sent'; readonly place: string } | { readonly kind: 'kept'; readonly reason: string };

/**
 * A message is retried once: what came of it, event or quarantined again, carries its id. The store learns of that only
 * when it has arrived, so the first of several who ask claims the message by a file that only one of them can make.
 */
export async function sendAgain(found: Opened & { kind: 'opened' }, { store, log, retried }: Parts): Promise<Sent> {
  const before: Sent = { kind: 'kept', reason: `${found.id} was retried before` };
  const [row] = await store.rows(
    `SELECT (SELECT count() FROM audit.events WHERE retry_of = {id:String})
          + (SELECT count() FROM audit.quarantine WHERE retry_of = {id:String})
          + (SELECT count() FROM audit.events WHERE action = 'audit.retry' AND outcome = 'success' AND target = {target:String}) AS tries`,
    { id: found.id, target: `quarantine ${found.id}` },
  );
  if (Number(row?.tries ?? 0) > 0) return before;
  const claim = join(retried, found.id);
  if (!(await make(claim, retried))) return before;
  try {
    const { key, headers, value } = found.message;
    const record = { key: key ?? undefined, headers: { ...headers, [RETRY_HEADER]: Buffer.from(found.id) }, value };
    const offset = await log.append(found.topic, found.partition, [record]);
    return { kind: 'sent', place: `${found.topic}/${found.partition}/${offset}` };
  } catch (error) {
    await unlink(claim);
    throw error;
  }
}

/** Whether the file was not there before. */
async function make(path: string, directory: string): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
