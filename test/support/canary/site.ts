import { join } from 'node:path';
import { z } from 'zod';
import type { Answer, Asker } from '../../../services/console/desk.ts';
import { remoteDesk } from '../../../services/console/socket.ts';
import type { Log } from '../../../services/core/log.ts';
import { openEmbeddedLog } from '../../../services/log/embedded/index.ts';
import { DEFAULT_TOPICS, OWN_TOPIC } from '../../../services/processes/bindings.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { CORPUS_IDS } from '../../privacy/corpus/corpus.ts';
import { TERM } from '../canaries.ts';
import { commands, type Ran } from '../commands.ts';
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
  /** A command in a process of its own. */
  run(...given: readonly string[]): Promise<Ran>;
  /** A named query, as commands ask it. */
  named(name: string, params: Readonly<Record<string, string>>): Promise<Answer>;
  /** Where views can be queried. */
  readonly query: string;
  /** Where metrics are. */
  readonly health: string;
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
  const desk = remoteDesk(join(data, 'trailhouse.sock'));
  const named: Site['named'] = (name, params) => desk.named({ name, params, format: 'JSONEachRow' }, ASKER);
  const { run } = commands(() => ({ given: ['--config', config] }));

  return {
    folder: place.folder,
    ...{ data, up, receivers, log, run, named, query, health },
    feed: (load) => feed(load, log),
    async settled() {
      for (const topic of RAW_TOPICS) await until(() => isRead(log, 'trailhouse-ingest', topic), topic, up);
      for (const topic of AUDIT) await until(() => isRead(log, `trailhouse-archive.${topic}`, topic), topic, up);
      await until(async () => isIdle(await named('sinks', {})), 'the receivers', up);
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

const ASKER: Asker = { id: 'auditor', address: '', userAgent: 'canary' };

const lane = z.object({ waiting: z.literal(0), delivered: z.int().min(1) });

function isIdle(answer: Answer): boolean {
  if (answer.kind !== 'text') return false;
  const lanes = answer.text.split('\n').filter((line) => line !== '');
  return lanes.length === 5 && lanes.every((line) => lane.safeParse(JSON.parse(line)).success);
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
