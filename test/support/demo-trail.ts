import { z } from 'zod';
import type { ClickHouse } from '../../services/clickhouse/client.ts';
import { silent } from '../../services/core/logger.ts';
import { rules } from '../../services/detections/index.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { readConfig } from '../../services/processes/config.ts';
import { lastDay } from '../../services/processes/demo/day.ts';
import { play } from '../../services/processes/demo/play.ts';
import { site } from '../../services/processes/demo/site.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { openDirectory } from '../../services/processes/directory.ts';
import { ANALYST, WATCHER } from '../../services/processes/open.ts';
import { openCorrections } from '../../services/processes/watch/corrections.ts';
import { openFindings } from '../../services/processes/watch/findings.ts';
import { openRollups } from '../../services/processes/watch/rollups.ts';
import { openPipeline, type Pipeline } from './pipeline.ts';
import type { Row } from './rows.ts';

/** The demo day, stored and looked at. */
export interface DemoTrail {
  /** Its midnight UTC in milliseconds. */
  readonly day: number;
  readonly clickhouse: ClickHouse;
  /** What a named question answers for the day. */
  ask(name: string, params?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** The same as text, in a format of ClickHouse's. */
  text(name: string, format: string): Promise<string>;
  /** Days that are rolled up, as texts. */
  rolledDays(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const row = z.record(z.string(), z.unknown());

const DAY_MS = 86_400_000;

export async function openDemoTrail(name: string, folder: string): Promise<DemoTrail> {
  const day = lastDay(new Date());
  const config = await site(readConfig(undefined, { TRAILHOUSE_DATA: folder }), day);
  const { identity, retention, privacy } = config;
  const directory = await openDirectory(identity.directory, { clock: systemClock, logger: silent });
  const listed = { directory, bindings: identity.bindings };
  const pipeline = await openPipeline(name, { identity: listed, retention, privacy });
  await play(pipeline.log, systemClock);
  await pipeline.settled();
  // What the rules find late does not hang on when the test runs.
  const clock = { ...systemClock, now: () => new Date(day + 1.5 * DAY_MS) };
  const around = { store: pipeline.clickhouse.reader(WATCHER), log: pipeline.log, clock };
  const find = openFindings({ ...around, policy: config.policy });
  const correct = openCorrections({ ...around, directory, deviceDays: 1 });
  // What one correction says, the next may build on; rules build on both, and on no finding.
  while ((await correct()) > 0) await pipeline.settled();
  for (const rule of rules) await find(rule);
  await pipeline.settled();
  const { writer } = pipeline.clickhouse;
  await openRollups({ store: around.store, writer, clock: systemClock, quietMs: 0 })();
  return {
    day,
    clickhouse: pipeline.clickhouse,
    ...questions(pipeline, day),
    async rolledDays() {
      const rows = await writer.rows('SELECT day FROM audit.days WHERE rolled ORDER BY day DESC');
      return rows.map((one) => String(one.day));
    },
    close: pipeline.close,
  };
}

function questions(pipeline: Pipeline, day: number): Pick<DemoTrail, 'ask' | 'text'> {
  const { log, keys, folder, clickhouse } = pipeline;
  const store = clickhouse.reader(ANALYST);
  const desk = openDesk({
    store,
    log,
    keys,
    retried: `${folder}/retried`,
    sinks: [],
    privacy: privacyConfig.parse({}),
    topics: ['gateway.events'],
    operators: {},
    clock: systemClock,
    count() {},
  });
  const window = { from: new Date(day).toISOString(), to: new Date(day + DAY_MS).toISOString() };

  async function text(name: string, format: string, params: Readonly<Record<string, string>> = {}): Promise<string> {
    const asker = { id: 'tester', address: '', userAgent: '' };
    const answer = await desk.named({ name, params: { ...window, ...params }, format }, asker);
    if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
    return answer.text;
  }
  return {
    text: (name, format) => text(name, format),
    async ask(name, params) {
      const lines = (await text(name, 'JSONEachRow', params)).split('\n').filter((line) => line !== '');
      return lines.map((line) => row.parse(JSON.parse(line)));
    },
  };
}
