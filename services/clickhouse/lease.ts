import { newest, write } from './archive/journal.ts';
import type { Writer } from './client.ts';

/** Where the role that deletes tells in the journal that it is at work; no topic has this name. */
const PLACE = { topic: 'role/retain', partition: 0 } as const;

/** How long an owner that says nothing more is believed to be at work still, in minutes by the store's clock. */
export const LEASE_MINUTES = 10;

/**
 * Says that `owner` is at work, and answers whether it may be: false while another has said so within the lease. Two that ask at
 * once are told apart by the journal, which takes one entry after the newest.
 */
export async function takeLease(writer: Writer, owner: string): Promise<boolean> {
  const last = await newest(writer, PLACE);
  if (last !== undefined && last.owner !== owner && (await isFresh(writer, last.cut))) return false;
  const nothing = new Map();
  const entry = {
    ...PLACE,
    cut: (last?.cut ?? -1) + 1,
    first: 0,
    next: 0,
    rows: 0,
    before: nothing,
    after: nothing,
    owner,
  };
  return (await write(writer, entry))?.owner === owner;
}

async function isFresh(writer: Writer, cut: number): Promise<boolean> {
  const [row] = await writer.rows(
    `SELECT max(journalled_at) > now64(6, 'UTC') - INTERVAL {minutes:UInt16} MINUTE AS fresh
     FROM audit.journal WHERE topic = {topic:String} AND partition = {partition:Int32} AND cut = {cut:Int64}`,
    { ...PLACE, cut, minutes: LEASE_MINUTES },
  );
  return row?.fresh === 1 || row?.fresh === true;
}
