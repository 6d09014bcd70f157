import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import { IN_DAYS, WINDOW } from './query.ts';

const ROLLED = `WITH parseDateTime64BestEffort({from:String}, 6, 'UTC') AS first, parseDateTime64BestEffort({to:String}, 6, 'UTC') AS next
SELECT min(d.rolled) AND first = toStartOfDay(first) AND next = toStartOfDay(next) AS covered, toString(sum(cityHash64(d.day, d.mark))) AS mark
FROM audit.days AS d WHERE ${IN_DAYS}`;

const answer = z.object({ covered: z.number(), mark: z.string() });

/**
 * Something that changes with what the trail holds of a window, where `audit.daily` tells all of it: it is of whole days, and each
 * that holds something is rolled. Undefined where it does not. An answer from there is the trail's when this is the same before
 * and after.
 */
export async function rolledMark(
  store: Store,
  { from = WINDOW.from, to = WINDOW.to }: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const [row] = await store.rows(ROLLED, { from, to });
  const { covered, mark } = answer.parse(row);
  return covered === 1 ? mark : undefined;
}
