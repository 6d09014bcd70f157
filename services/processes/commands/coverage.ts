import { silent } from '../../core/logger.ts';
import { bind, OWN_TOPIC } from '../bindings.ts';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { openLog, withDesk } from '../open.ts';
import { asker, rowsOf, show } from './answers.ts';
import { EXIT } from './exit.ts';
import type { Globals } from './globals.ts';
import type { Row } from './render.ts';

/** How often coverage looks again while the store still catches up, and how long it waits in between. */
const LOOKS = 10;
const BETWEEN_MS = 1_000;

/**
 * `trailhouse coverage`: 1 when raw offsets are missing, or stored events are not what the accounts say. A store that
 * still catches up is looked at again until two looks agree; offsets not settled yet are waiting, not missing.
 */
export async function coverage(globals: Globals): Promise<number> {
  const config = readConfig(globals.config, process.env);
  const found = await withDesk(config, async (desk) => {
    let last = '';
    for (let look = 0; ; look++) {
      const now = rowsOf(await desk.named({ name: 'coverage', params: {}, format: 'JSONEachRow' }, asker));
      const text = JSON.stringify(now);
      if (now.every(isComplete) || text === last || look === LOOKS) return now;
      last = text;
      await systemClock.sleep(BETWEEN_MS, new AbortController().signal);
    }
  });
  const ends = await waiting(config, found);
  const shown = [...found.map((row) => ({ ...row, waiting: ends.get(placeOf(row)) ?? 0 })), ...unseen(ends, found)];
  show(shown, globals);

  const holes = found.filter((row) => !isComplete(row));
  if (holes.length === 0) {
    if (globals.json !== true) process.stdout.write(`${verdict(shown)}\n`);
    return EXIT.ok;
  }
  process.stderr.write(
    `${holes.length} raw partitions are not covered: \`holes\` are offsets no account speaks of, \`short\` ranges that store ` +
      'other than they promise; see docs/runbooks/coverage.md\n',
  );
  return EXIT.found;
}

/** What the rows come to, for who reads no table. */
function verdict(rows: readonly Row[]): string {
  const waiting = rows.reduce((sum, row) => sum + Number(row.waiting ?? 0), 0);
  const later = waiting === 0 ? '' : `; ${waiting} more offsets are in the log and not settled yet`;
  return `covered: every settled offset of ${rows.length} raw partitions is accounted for, and what the accounts promise is stored or was deleted under a certificate${later}`;
}

const isComplete = ({ complete }: Row): boolean => complete === 1 || complete === true;
const placeOf = (row: Row): string => `${row.origin_topic}/${row.origin_partition}`;

/** Offsets of each raw partition that are in the log and not settled yet. */
async function waiting(config: Config, found: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const log = await openLog(config, { clock: systemClock, logger: silent });
  try {
    const counts = new Map<string, number>();
    for (const topic of bind(config.topics).keys()) {
      // Asking is itself an event there: it would never be done.
      if (topic === OWN_TOPIC) continue;
      const partitions = (await log.describe(topic))?.partitions ?? [];
      for (const [partition, { start, end }] of partitions.entries()) {
        const settled = found.filter((row) => placeOf(row) === `${topic}/${partition}`).map(({ next }) => Number(next));
        counts.set(`${topic}/${partition}`, Math.max(0, end - Math.max(start, ...settled)));
      }
    }
    return counts;
  } finally {
    await log.close();
  }
}

/** Partitions of which nothing was settled yet, though the log holds something. */
function unseen(ends: ReadonlyMap<string, number>, found: readonly Row[]): readonly Row[] {
  const seen = new Set(found.map(placeOf));
  return [...ends].flatMap(([place, count]) => {
    if (count === 0 || seen.has(place)) return [];
    const slash = place.lastIndexOf('/');
    return [{ origin_topic: place.slice(0, slash), origin_partition: Number(place.slice(slash + 1)), waiting: count }];
  });
}
