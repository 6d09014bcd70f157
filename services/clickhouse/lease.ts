import { newest, write } from './archive/journal.ts';
import type { Writer } from './client.ts';

/** Where a role of which one at a time works over a store tells in the journal that it does; no topic has such a name. */
const placeOf = (role: LeasedRole) => ({ topic: `role/${role}`, partition: 0 });

export type LeasedRole = 'retain' | 'erase' | 'seal';

/** How long an owner that says nothing more is believed to be at work still, in minutes by the store's clock. */
export const LEASE_MINUTES = 10;

/**
 * Says that `owner` is at work, and answers whether it may be: false while another has said so within the lease. Two that ask at
 * once are told apart by the journal, which takes one entry after the newest.
 */
export async function takeLease(writer: Writer, owner: string, role: LeasedRole): Promise<boolean> {
  const place = placeOf(role);
  const last = await newest(writer, place);
  if (last !== undefined && last.owner !== owner && (await isFresh(writer, place, last.cut))) return false;
  const nothing = new Map();
  const entry = {
    ...place,
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

async function isFresh(writer: Writer, place: ReturnType<typeof placeOf>, cut: number): Promise<boolean> {
  const [row] = await writer.rows(
    `SELECT max(journalled_at) > now64(6, 'UTC') - INTERVAL {minutes:UInt16} MINUTE AS fresh
     FROM audit.journal WHERE topic = {topic:String} AND partition = {partition:Int32} AND cut = {cut:Int64}`,
    { ...place, cut, minutes: LEASE_MINUTES },
  );
  return row?.fresh === 1 || row?.fresh === true;
}
