import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { repoSchemas } from '../../services/codec/schemas.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Outgoing } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import { openDispatcher } from '../../services/delivery/dispatch.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { exportLane } from '../../services/processes/export/lane.ts';
import { openView } from '../../services/processes/export/view.ts';
import { openOutbound } from '../../services/processes/outbound.ts';
import { sinks } from '../../services/sinks/index.ts';
import { onTopic, receipts } from '../support/audit-topic.ts';
import { dayEvents } from '../support/day-events.ts';
import { memoryLog } from '../support/memory-log.ts';

/**
 * One lane to one strict receiver in a process of its own: `node test/prove/lanes.ts KIND [--events N]`. Events of the demo day,
 * repeated under ids of their own, from Avro bytes in memory to the receipt. Prints one line of JSON.
 */

const SECRETS: Readonly<Record<string, string>> = { TOKEN: 'hec-token', DD: 'dd-key' };
const SETTINGS: Readonly<Record<string, (url: string) => unknown>> = {
  splunk: (url) => ({ url, token: { env: 'TOKEN' }, ack: 'on' }),
  datadog: (url) => ({ url, api_key: { env: 'DD' } }),
  loki: (url) => ({ url }),
  'otlp-logs': (url) => ({ endpoint: url }),
  'otlp-traces': (url) => ({ endpoint: url }),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: 'string', default: '60000' } },
});
const [name = ''] = positionals;
const kind = sinks.find((known) => known.name === name);
const settingsOf = SETTINGS[name];
if (kind === undefined || settingsOf === undefined) throw new Error(`no receiver ${name}`);

const records = topicOf(Number(values.events));
const child = fork(new URL('../support/receivers/process.ts', import.meta.url), [name]);
const { url } = z.object({ url: z.string() }).parse(await said(child));
const outbound = await openOutbound(undefined);
const sink = kind.open(settingsOf(url), {
  ...outbound,
  clock: systemClock,
  replay: false,
  secret: async (at) => ('env' in at ? (SECRETS[at.env] ?? '') : ''),
});
// All of them once before: a lane runs for months, and the engine has compiled it by then.
const warm = await deliver(records);
const before = await cost(child);
const lane = await deliver(records);
const after = await cost(child);
const { cpuMs, wallMs, events } = lane;
process.stdout.write(
  `${JSON.stringify({ kind: name, events, bytes: lane.bytes, wallMs, cpuMs, receiverCpuMs: after.cpuMs - before.cpuMs, kept: after.kept, warm: warm.events })}\n`,
);
process.exit();

async function deliver(part: readonly Outgoing[]) {
  const log = memoryLog(systemClock, 8_000);
  const spec = { partitions: 1, retentionMs: -1 };
  await log.create([
    { ...spec, name: 'audit.events' },
    { ...spec, name: 'audit.deliveries' },
  ]);
  await log.append('audit.events', 0, part);
  const running = exportLane({
    sink: 'bench',
    log,
    clock: systemClock,
    logger: silent,
    schemas: repoSchemas(),
    schemaId: 5,
    dispatcher: openDispatcher({
      sink,
      limits: { ...limits() },
      clock: systemClock,
      random: Math.random,
      changed() {},
    }),
    shelf: {
      settledTo: async () => undefined,
      marksBefore: async () => new Map(),
      page: () => Promise.reject(new Error('nothing is stored')),
    },
    from: 'topic',
    ready: Promise.resolve(),
    view: openView('tokens', Buffer.alloc(32, 7)),
    counted() {},
  });
  const stop = new AbortController();
  const done = Promise.withResolvers<void>();
  const append = log.append;
  let settled = 0;
  log.append = async (topic, partition, outgoing) => {
    const at = await append(topic, partition, outgoing);
    const [, next] = /:(\d+)$/.exec(Buffer.from(outgoing[0]?.headers?.range ?? []).toString()) ?? [];
    settled = Math.max(settled, Number(next ?? 0));
    if (settled >= part.length) done.resolve();
    return at;
  };
  const begun = performance.now();
  const usage = process.cpuUsage();
  const run = running.run(stop.signal);
  await Promise.race([done.promise, run]);
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(usage);
  stop.abort();
  await run;
  const delivered = (await receipts(log)).reduce((sum, one) => sum + one.delivered, 0);
  if (delivered !== part.length) throw new Error(`${delivered} of ${part.length} delivered`);
  const bytes = part.reduce((sum, { value }) => sum + value.length, 0) / part.length;
  return { events: part.length, bytes: Math.round(bytes), wallMs, cpuMs: (user + system) / 1000 };
}

function limits() {
  if (kind === undefined) throw new Error('no receiver');
  return kind.limits;
}

/** Events of the day in turns, each with an id and an origin of its own and moved to the last hour. */
function topicOf(count: number): readonly Outgoing[] {
  const now = Date.now();
  const day = dayEvents(new Date(now));
  const made: Outgoing[] = [];
  for (let offset = 0; offset < count; offset++) {
    const one = day[offset % day.length];
    if (one === undefined) throw new Error('no events');
    made.push(onTopic(numbered(one, offset, (now - 600_000 + (offset * 600_000) / count) * 1000)));
  }
  return made;
}

function numbered(event: AuditEvent, offset: number, micros: number): AuditEvent {
  const at = Math.round(micros);
  const event_id = `00a1b200-0000-8000-8000-${offset.toString(16).padStart(12, '0')}`;
  return {
    ...event,
    event_id,
    origin_topic: 'bench',
    origin_partition: 0,
    origin_offset: offset,
    origin_ordinal: 0,
    occurred_at: at,
    received_at: at,
    ingested_at: at,
  };
}

async function said(from: ChildProcess): Promise<unknown> {
  const [message] = await once(from, 'message');
  return message;
}

async function cost(from: ChildProcess): Promise<{ readonly cpuMs: number; readonly kept: number }> {
  from.send('report');
  return z.object({ cpuMs: z.number(), kept: z.number() }).parse(await said(from));
}
