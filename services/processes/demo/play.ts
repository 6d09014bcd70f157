import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { progress } from '../commands/progress.ts';
import { screen, table } from '../commands/render.ts';
import { demoDay, lastDay } from './day.ts';

/** How long the store may take to show the whole day. */
const PATIENCE_MS = 300_000;
const LOOK_MS = 200;

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

/** What arrived, from whom, what was masked, and five questions to try. */
export async function report(store: Store, at: string): Promise<string> {
  const [total] = await store.rows(
    `SELECT count() AS events, uniqExactIf(actor_email, actor_email != '') AS people,
       uniqExactIf(actor_team, actor_team != '') AS teams, uniqExact(format) AS formats,
       toString(topK(1)(toDate(occurred_at))[1]) AS day
     FROM audit.trail WHERE ${PLAYED}`,
  );
  const [masked] = await store.rows(
    `SELECT sum(secrets_masked) AS credentials, countIf(has(data_classes, 'pii')) AS pii, countIf(has(data_classes, 'phi')) AS phi
     FROM audit.trail WHERE ${PLAYED}`,
  );
  const [messages] = await store.rows(
    'SELECT sum(accepted) AS accepted, sum(skipped) AS skipped, sum(quarantined) AS quarantined FROM audit.accounting',
  );
  const surfaces = await store.rows(
    `SELECT if(surface = '', '(not said)', surface) AS surface, count() AS events,
       uniqExactIf(actor_email, actor_email != '') AS people, countIf(outcome = 'denied') AS denied,
       arrayStringConcat(arraySort(groupUniqArray(product)), ', ') AS products
     FROM audit.trail WHERE ${PLAYED} GROUP BY surface ORDER BY events DESC`,
  );
  const plain = { ...screen(process.stdout, process.env), width: undefined };
  return `
A day at Alderbrook, a company that does not exist (${total?.day}, UTC):
${total?.events} events in ${total?.formats} formats from ${messages?.accepted} messages, by ${total?.people} people in ${total?.teams} teams;
${messages?.quarantined} messages in quarantine, ${messages?.skipped} skipped.
${masked?.credentials} credentials replaced; personal data in ${masked?.pii} events, health data in ${masked?.phi}.

${table(surfaces, plain)}
${questions(String(total?.day))}
Queries are answered over HTTP too: curl 'http://${at}/?query=SELECT%20count()%20FROM%20audit.trail'. Stop with Ctrl-C.
`;
}

/** What Trailhouse itself does is no part of the day. */
const PLAYED = "product != 'trailhouse'";

function questions(day: string): string {
  const window = `--param from='${day} 00:00:00' --param to='${day} 23:59:59'`;
  return `Try, in another terminal:

  npx trailhouse query config-changes ${window}
  npx trailhouse query denied ${window}
  npx trailhouse query phi ${window}
  npx trailhouse query chargeback ${window}
  npx trailhouse timeline --user priya.raman@alderbrook.example
`;
}
