import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { lastDay } from './demo/day.ts';
import { arrived, play } from './demo/play.ts';
import { report } from './demo/report.ts';
import { site } from './demo/site.ts';
import { ANALYST } from './open.ts';
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
        await play(log, systemClock);
        const topics = [...bindings.keys()];
        let all = await arrived(log, store, topics, systemClock, signal);
        await watch.once();
        all &&= await arrived(log, store, topics, systemClock, signal);
        if (!all)
          process.stderr.write('The day has not arrived in full yet; `npx trailhouse coverage` shows how far it is.\n');
        process.stdout.write(await report(store, config.listen.query));
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
  ]);
}
