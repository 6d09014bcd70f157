import { join } from 'node:path';
import type { Log } from '../../../services/core/log.ts';
import { openEmbeddedLog } from '../../../services/log/embedded/index.ts';
import { DEFAULT_TOPICS, OWN_TOPIC } from '../../../services/processes/bindings.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { CORPUS_IDS } from '../../privacy/corpus/corpus.ts';
import { TERM } from '../canaries.ts';
import { type Ran, commands } from '../commands.ts';
import { freePort } from '../ports.ts';
import { type Role, startRole, workplace } from '../role.ts';
import type { Load } from './messages.ts';
import { openReceivers, type Receivers } from './receivers.ts';

const AUDIT = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting', 'audit.deliveries'] as const;
export const RAW_TOPICS: readonly string[] = [...Object.keys(DEFAULT_TOPICS), OWN_TOPIC];
export const OTHER_TOPICS: readonly string[] = [...AUDIT, 'trailhouse.controls'];

/** `up` as a process, with every receiver. */
export interface Site {
  readonly folder: string;
  readonly data: string;
  readonly up: Role;
  readonly receivers: Receivers;
  readonly log: Log;
  run(...given: readonly string[]): Promise<Ran>;
  rows(...given: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  query: string;
  health: string;
  feed(load: Load): Promise<void>;
  /** Resolves when what is in the raw topics is stored and has ended at every receiver. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const place = workplace();
  const data = join(place.folder, 'data');
  const receivers = await openReceivers(place.folder);
  const [query, health] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const config = place.write({
    data,
    listen: { query, health },
    sinks: receivers.settings,
    privacy: {
      national_ids: CORPUS_IDS,
      phi_terms: [TERM],
      content: {
        rules: [
          { when: { format: 'litellm' }, keep: 'sealed' },
          { when: { format: 'obot' }, keep: 'none' },
        ],
      },
    },
    log_level: 'debug',
  });
  const up = startRole('up', config);
  await until(() => up.said().includes('"running"'), 'up', up);
  const log = openEmbeddedLog({ path: join(data, 'log.sqlite'), clock: systemClock });
  const { run, rows } = commands(() => ({ given: ['--config', config] }));

  return {
    folder: place.folder,
    ...{ data, up, receivers, log, run, rows, query, health },
    feed: (load) => feed(load, log),
    async settled() {
      for (const topic of RAW_TOPICS) await until(() => isRead(log, 'trailhouse-ingest', topic), topic, up);
      for (const topic of AUDIT) await until(() => isRead(log, `trailhouse-archive.${topic}`, topic), topic, up);
      const idle = async () => {
        const lanes = await rows('sinks');
        return lanes.length === 5 && lanes.every(({ waiting, delivered }) => waiting === 0 && Number(delivered) > 0);
      };
      await until(idle, 'the receivers', up);
    },
    async close() {
      up.signal('SIGKILL');
      await up.ended;
      await log.close().catch(() => undefined);
      await receivers.close();
      place.remove();
    },
  };
}

/** As many at once as one append takes well. */
const BATCH = 500;

async function feed({ messages }: Load, log: Log): Promise<void> {
  for (const [topic, group] of Map.groupBy(messages, (message) => message.topic))
    for (let at = 0; at < group.length; at += BATCH) await log.append(topic, 0, group.slice(at, at + BATCH));
}

async function isRead(log: Log, group: string, topic: string): Promise<boolean> {
  const end = (await log.describe(topic))?.partitions[0]?.end ?? 0;
  return ((await log.committed(group, topic)).get(0)?.offset ?? 0) >= end;
}

const PATIENCE_MS = 600_000;

async function until(done: () => Promise<boolean> | boolean, what: string, up: Role): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await Promise.race([systemClock.sleep(300, new AbortController().signal), up.ended.then(gone)]);
  }
}

function gone(code: number | string): never {
  throw new Error(`up ended with ${code}`);
}
