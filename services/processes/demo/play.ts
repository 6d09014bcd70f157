import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { progress } from '../commands/progress.ts';
import { demoDay, lastDay } from './day.ts';

/** How long the store may take to show the whole day. */
const PATIENCE_MS = 300_000;
const LOOK_MS = 1_000;

/** Records per append. */
const CHUNK = 400;

/** Plays the day through the raw topics of an empty log. False when there is something in it already. */
export async function play(log: Log, clock: Clock): Promise<boolean> {
  const messages = demoDay(lastDay(clock.now()));
  const topics = [...new Set(messages.map(({ topic }) => topic))];
  for (const topic of topics) {
    const state = await log.describe(topic);
    if (state?.partitions.some(({ end }) => end > 0)) return false;
  }
  const bar = progress('playing a day', messages.length);
  for (const topic of topics) {
    const records = messages
      .filter((message) => message.topic === topic)
      .map(({ value, at }) => ({ value, timestamp: new Date(at) }));
    for (let first = 0; first < records.length; first += CHUNK) {
      await log.append(topic, 0, records.slice(first, first + CHUNK));
      bar.advance(CHUNK);
    }
  }
  bar.end();
  return true;
}

/** Waits until every raw offset of the log is settled and every event of it is stored. */
export async function arrived(
  log: Log,
  store: Store,
  topics: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const until = clock.now().getTime() + PATIENCE_MS;
  while (clock.now().getTime() < until) {
    if (await isComplete(log, store, topics)) return true;
    await clock.sleep(LOOK_MS, signal);
  }
  return false;
}

async function isComplete(log: Log, store: Store, topics: readonly string[]): Promise<boolean> {
  const settled = await store.rows(
    'SELECT origin_topic AS topic, max(a.next) AS reached, sum(a.events) AS events FROM audit.accounting AS a GROUP BY topic',
  );
  const stored = await store.rows('SELECT origin_topic AS topic, count() AS events FROM audit.events GROUP BY topic');
  for (const topic of topics) {
    const end = (await log.describe(topic))?.partitions[0]?.end ?? 0;
    const account = settled.find((row) => row.topic === topic);
    const events = stored.find((row) => row.topic === topic)?.events ?? 0;
    if (end > 0 && (Number(account?.reached ?? 0) < end || account?.events !== events)) return false;
  }
  return true;
}
