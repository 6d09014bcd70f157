import type { Writer } from '../../clickhouse/client.ts';
import { countRows } from '../../clickhouse/retention/aside.ts';
import { type PlacedHold, windowSql } from '../../clickhouse/retention/holds.ts';
import type { Way } from '../../clickhouse/retention/shelves.ts';
import { bindPart, inPart } from '../../clickhouse/retention/tables.ts';
import type { Wait } from '../../clickhouse/retention/waits.ts';

/** Every raw topic, as a hold spells it. */
const ALL = '*';

/**
 * The hold that keeps a day of quarantine; undefined where none does. No event is known of what lies there: a hold names a topic and a
 * time, and the whole day stays for one message.
 */
export async function keptInQuarantine(
  writer: Writer,
  { shelving, ...place }: Way,
  from: string,
  holds: readonly PlacedHold[],
): Promise<Pick<Wait, 'why' | 'hold' | 'operator'> | undefined> {
  for (const hold of holds.filter(({ quarantine }) => quarantine !== '')) {
    const topic = hold.quarantine === ALL ? [] : ['origin_topic = {topic:String}'];
    const where = [inPart(shelving), ...topic, ...windowSql(hold, 'received_at')].join(' AND ');
    const rows = await countRows(writer, from, where, { ...bindPart(place), topic: hold.quarantine });
    if (rows === 0) continue;
    const { hold: id, placed_by: operator } = hold;
    return {
      why: `hold ${id} of operator ${operator} keeps ${rows} quarantined messages of the day`,
      hold: id,
      operator,
    };
  }
  return undefined;
}
