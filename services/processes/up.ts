import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import { ourselves } from './acts.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { lastDay } from './demo/day.ts';
import { tokenFile } from './demo/operators.ts';
import { arrived, play } from './demo/play.ts';
import { report } from './demo/report.ts';
import { HOLD_WISH } from './demo/script.ts';
import { site } from './demo/site.ts';
import { ANALYST } from './open.ts';
import { readToken } from './operators.ts';
import { hold } from './retain/holding.ts';
import { upRole } from './roles.ts';

/** With a configuration it is the pipeline; without one, the pipeline and a demo day. A configured one is never seeded. */
export async function up(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  if (file !== undefined) return upRole(config, async () => []);

  process.stderr.write(
    `No configuration file (--config FILE): running a demo on embedded defaults in ${config.data}.\n`,
  );
  const alderbrook = await site(config, lastDay(systemClock.now()));
  return upRole(alderbrook, async ({ log, bindings }, clickhouse, watch) => [
    {
      name: 'demo',
      async run(signal) {
        const store = clickhouse.reader(ANALYST);
        const isFresh = await play(log, systemClock);
        const topics = [...bindings.keys()];
        let all = await arrived(log, store, topics, systemClock, signal);
        if (isFresh) await placeHold(alderbrook, { log, store });
        await watch.once();
        all &&= await arrived(log, store, topics, systemClock, signal);
        if (!all)
          process.stderr.write('The day has not arrived in full yet; `npx trailhouse coverage` shows how far it is.\n');
        process.stdout.write(await report(store, config.listen.query, config.data));
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
  ]);
}

/** The matter of the day: a session somebody will ask about again. */
async function placeHold(config: Config, { log, store }: { readonly log: Log; readonly store: Store }): Promise<void> {
  const { session, matter } = HOLD_WISH;
  const where = `session_id = '${session}'`;
  const order = { order: 'place', where, from: '', to: '', reason: matter, quarantine: '' } as const;
  const token = await readToken(tokenFile(config.data, 'auditor'), {});
  const { operators, privacy } = config;
  const topics = Object.keys(config.topics);
  await hold(order, token, ourselves('demo'), { log, store, clock: systemClock, operators, privacy, topics });
}
