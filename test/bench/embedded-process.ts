import { parseArgs } from 'node:util';
import { silent } from '../../services/core/logger.ts';
import { bind } from '../../services/processes/bindings.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { readConfig } from '../../services/processes/config.ts';
import { openMetrics } from '../../services/processes/metrics.ts';
import { openLog, openStore } from '../../services/processes/open.ts';
import { archiveParts, ingestPart } from '../../services/processes/parts.ts';
import { createTopics } from '../../services/processes/topics.ts';
import { workplace } from '../support/role.ts';
import { company, writtenTo } from './corpus/company.ts';
import { supply } from './corpus/supply.ts';
import { type Drained, drain, OURS, type Side } from './drain.ts';
import { say } from './figure.ts';
import { gated } from './gate.ts';
import type { Held } from './producing.ts';

/**
 * `node embedded-process.ts --events N --repeats N`: embedded log, engine, ingest and archive in this process, as `up` runs
 * them. One line of JSON on stdout.
 */
const { values } = parseArgs({
  options: { events: { type: 'string', default: '20000' }, repeats: { type: 'string', default: '3' } },
});
const [events, repeats] = [Number(values.events), Number(values.repeats)];

const TOPIC = 'gateway.events';
const WARM_UP = 20_000;
/** Messages of one append. */
const AT_ONCE = 1_000;

const people = company();
const place = workplace();
const directory = writtenTo(place.folder, people);
const topics = { [TOPIC]: { formats: ['litellm', 'envelope'], ceiling: 'verified' } };
const config = readConfig(place.write({ data: place.folder, topics, identity: { directory } }), {});
const log = await openLog(config, { clock: systemClock, logger: silent });
await log.create([{ name: TOPIC, partitions: 1, retentionMs: -1 }]);
const bindings = bind(config.topics);
await createTopics(log, bindings, config.audit, silent);
const clickhouse = await openStore(config);
const gate = gated(log, 'trailhouse-ingest');
const stop = new AbortController();
const base = { config, bindings, logger: silent, log: gate.log, metrics: openMetrics(), asked: stop.signal };
const parts = [await ingestPart(base), ...(await archiveParts(base, clickhouse))];
const running = Promise.all(parts.map(({ run }) => run(stop.signal)));
const side: Side = { name: 'embedded', pids: { all: process.pid }, store: clickhouse.writer, tables: OURS };

const corpus = supply('W1', people);

async function hold(count: number): Promise<Held> {
  gate.close();
  const held = corpus.take(count);
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = held.messages.slice(first, first + AT_ONCE);
    await log.append(
      TOPIC,
      0,
      some.map(({ value, at }) => ({ value, timestamp: at })),
    );
  }
  return { ...held, release: async () => gate.open() };
}

const rounds: Drained[] = [];
const warm = Math.min(WARM_UP, events);
for (let round = 0; round <= repeats; round++) {
  const held = await hold(round === 0 ? warm : events);
  const drained = await Promise.race([
    drain(side, held, held.release),
    running.then(() => Promise.reject(new Error('a part ended by itself'))),
  ]);
  say(`embedded ${drained.seconds.toFixed(1)} s, CPU ${drained.cpu.all?.toFixed(1)}`);
  if (round > 0) rounds.push(drained);
}

// Small parts keep all columns in one file, whose shares nobody is told; large ones, as a store mostly has, do not.
await clickhouse.writer.run('ALTER TABLE audit.events MODIFY SETTING min_bytes_for_wide_part = 0');
await clickhouse.writer.run('OPTIMIZE TABLE audit.events FINAL');
const ofEvents = "database = 'audit' AND table = 'events' AND active";
const columns = await clickhouse.writer.rows(
  `SELECT column, sum(column_data_compressed_bytes) AS bytes FROM system.parts_columns WHERE ${ofEvents} GROUP BY column`,
);
const [disk] = await clickhouse.writer.rows(
  `SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE ${ofEvents}`,
);
process.stdout.write(`${JSON.stringify({ rounds, columns, disk, corpus: corpus.told() })}\n`);

stop.abort();
await running.catch(() => undefined);
await log.close();
await clickhouse.close();
place.remove();
process.exit();
