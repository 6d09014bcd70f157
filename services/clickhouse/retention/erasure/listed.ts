import { z } from 'zod';
import type { Store } from '../../../core/store.ts';

const listed = z.object({ event: z.string(), hash: z.string() });

/** An event and the SHA-256 that took the place of its personal part, in hex. */
export type Listed = Readonly<z.output<typeof listed>>;

/** What a certificate speaks of, in the order of the ids as text, a page at a time. */
export async function* erasedEvents(
  store: Store,
  certificate: string,
  page: number,
): AsyncGenerator<readonly Listed[]> {
  for (let after = ''; ; ) {
    const rows = await store.rows(
      `SELECT toString(x.event_id) AS event, lower(hex(any(x.personal_hash))) AS hash FROM audit.erased_events AS x
       WHERE x.certificate = {certificate:UUID} AND toString(x.event_id) > {after:String}
       GROUP BY event ORDER BY event LIMIT {page:UInt32}`,
      { certificate, after, page },
    );
    const events = rows.map((row) => listed.parse(row));
    yield events;
    const last = events.at(-1);
    if (last === undefined || events.length < page) return;
    after = last.event;
  }
}

const under = listed.extend({ certificate: z.string() });

/** An event that an erasure takes, and the certificate it is to be signed. */
export type Erasing = Readonly<z.output<typeof under>>;

/**
 * What the store knows of erasures that were ordered and were not told of before a time (microseconds since 1970). An order that was
 * closed before it takes nothing any more.
 */
export async function erasing(store: Store, since: number): Promise<readonly Erasing[]> {
  const rows = await store.rows(
    `SELECT DISTINCT toString(x.certificate) AS certificate, toString(x.event_id) AS event, lower(hex(x.personal_hash)) AS hash
     FROM audit.erased_events AS x
     WHERE x.certificate IN
     (
       SELECT s.certificate FROM audit.erasure_steps AS s WHERE s.erasure IN
         (SELECT o.erasure FROM audit.erasures AS o WHERE o.state != 'closed' OR o.carried_out_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC'))
       GROUP BY s.certificate HAVING countIf(s.step = 'told' AND s.at < fromUnixTimestamp64Micro({since:Int64}, 'UTC')) = 0
     )`,
    { since },
  );
  return rows.map((row) => under.parse(row));
}
