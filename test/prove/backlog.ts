import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { produce } from '../faults/oracle.ts';
import { type KafkaSite, kafkaSite, pause } from '../faults/site.ts';
import { startKafka } from '../support/kafka.ts';
import { openOtlpReceiver } from '../support/receivers/otlp.ts';

/** 72 hours at 50 events a second are 12.96 million; here one in two hundred of them. */
const EVENTS = 64_800;
const LIVE_PER_SECOND = 50;
/** How often the archive's pace is taken, with and without an export whose receiver is down. */
const ROUNDS = 5;
const ROUND_EVENTS = 12_000;

export interface Backlog {
  readonly table: string;
  readonly held: boolean;
}

/** A receiver is away while everything else goes on; the topic forgets the older half; then the receiver comes back. */
export async function backlog(events = EVENTS, rounds = ROUNDS): Promise<Backlog> {
  const kafka = await startKafka();
  if (kafka === undefined) throw new Error('Apache Kafka cannot be started: see the line above');
  const receiver = await openOtlpReceiver();
  const door = await openDoor(receiver.port);
  const sinks = { away: { kind: 'otlp-logs', endpoint: door.url } };
  const site = await kafkaSite(kafka, { sinks, audit: { partitions: 1 } });
  try {
    const roles = ['ingest', 'archive'].map((name) => site.start(name));
    const pace = await archivePace(site, rounds);
    const export_ = site.start('export');
    await fill(site, events);
    await archived(site);
    const waitingMb = peakMb(export_.pid);

    const half = Math.floor(((await site.log.describe('audit.events'))?.partitions[0]?.end ?? 0) / 2);
    await forget(kafka.brokers, 'audit.events', half);
    door.open();
    const begun = performance.now();
    const all = await stored(site);
    await until(
      async () => new Set(receiver.accepted().map(({ event_id }) => event_id)).size >= all,
      'the drain',
      600_000,
    );
    const seconds = (performance.now() - begun) / 1000;
    const kept = new Set(receiver.accepted().map(({ event_id }) => event_id));
    const [first] = await site.rows('SELECT toString(event_id) AS id FROM audit.events ORDER BY audit_offset LIMIT 1');
    const hasFirst = kept.has(String(first?.id));
    const perSecond = Math.round(all / seconds);
    const peak = peakMb(export_.pid);
    await Promise.all([export_, ...roles].map((role) => role.stop()));
    const rows = [
      ['events, one in two hundred of 72 hours at 50/s, and those of the rounds', all, ''],
      ['archive beside an export whose receiver is away, its pace against none', `${pace} %`, '95 % at least'],
      ['memory of export at most, waiting', `${waitingMb} MB`, '350 MB'],
      ['memory of export at most, draining too', `${peak} MB`, '350 MB'],
      ['older half gone from the topic: first event at the receiver', hasFirst ? 'yes' : 'NO', 'yes'],
      ['drained, events/s', perSecond, `${5 * LIVE_PER_SECOND} (5 × live)`],
      ['missing at the receiver', all - kept.size, '0'],
    ];
    const table = rows.map(([what, found, asked]) => `| ${what} | ${found} | ${asked} |`).join('\n');
    return { table: `| what | found | asked |\n|---|---|---|\n${table}`, held: hasFirst && kept.size >= all };
  } finally {
    await site.close();
    await kafka.stop();
    await door.close();
    await receiver.close();
  }
}

/** Median pace of the archive with an export that cannot deliver, in percent of its pace without one. */
async function archivePace(site: KafkaSite, rounds: number): Promise<number> {
  const times = { alone: [] as number[], beside: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.alone.push(await timeToArchive(site));
    const role = site.start('export');
    await pause(6_000);
    times.beside.push(await timeToArchive(site));
    role.signal('SIGKILL');
    await role.ended;
  }
  return Math.round((median(times.alone) / median(times.beside)) * 100);
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

async function timeToArchive(site: KafkaSite): Promise<number> {
  await fill(site, ROUND_EVENTS);
  const begun = performance.now();
  await archived(site);
  return performance.now() - begun;
}

let number = 0;

const expected = (site: KafkaSite): number => [...site.produced.values()].reduce((sum, events) => sum + events, 0);

const archived = (site: KafkaSite): Promise<void> =>
  until(async () => (await stored(site)) >= expected(site), 'the archive');

/** At least so many events, in batches over the partitions. */
async function fill(site: KafkaSite, events: number): Promise<void> {
  const enough = expected(site) + events;
  while (expected(site) < enough) {
    for (let partition = 0; partition < site.partitions; partition++) {
      const numbers = Array.from({ length: 400 }, () => number++);
      await produce(site.log, site.topic, partition, numbers, site.produced);
    }
  }
}

async function stored(site: KafkaSite): Promise<number> {
  const [row] = await site.rows('SELECT count() AS events FROM audit.events').catch(() => []);
  return Number(row?.events ?? 0);
}

async function until(done: () => Promise<boolean>, what: string, ms = 600_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(500);
  }
}

function peakMb(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

async function forget(brokers: readonly string[], topic: string, below: number): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  // kafkajs knows the leaders only of topics it was asked about before.
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(below) }] });
  await admin.disconnect();
}

/** A way to a receiver that drops whoever comes until it is opened. */
async function openDoor(port: number) {
  let isOpen = false;
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    if (!isOpen) return void from.destroy();
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => sockets.delete(one));
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    open() {
      isOpen = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
