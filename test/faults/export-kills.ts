import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../services/processes/clock.ts';
import { random } from '../../services/processes/demo/random.ts';
import { startKafka } from '../support/kafka.ts';
import { KafkaMissing } from './runs.ts';
import { type Load, producing } from './scenarios.ts';
import { kafkaSite, pause } from './site.ts';
import { secrets, stands } from './stands.ts';

export interface ReceiverFinding {
  readonly kind: string;
  readonly stored: number;
  /** Stored, and neither at the receiver nor told as undelivered. */
  readonly lost: number;
  /** Told as delivered, though the receiver has not got it. */
  readonly lied: number;
  readonly repeated: number;
}

/**
 * kill -9 of the `export` process, again and again, with a lane to every receiver in it, while ingest and archive run:
 * every other time at a random moment of its start. Then it runs to the end, and every hour has to add up.
 */
export async function exportKills(times: number, seed: number, loaded: Load = {}): Promise<readonly ReceiverFinding[]> {
  const kafka = await startKafka();
  if (kafka === undefined) throw new KafkaMissing('Apache Kafka cannot be started: see the line above');
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-secrets-'));
  const dice = random(seed);
  const opened = await Promise.all(
    stands.map(async (stand) => ({ name: stand.kind.name, receiver: await stand.open(systemClock) })),
  );
  const token = (name: string): { readonly file: string } => {
    const file = join(folder, name);
    writeFileSync(file, secrets[name] ?? '');
    return { file };
  };
  const sinks = Object.fromEntries(
    opened.map(({ name, receiver }) => [name, { kind: name, ...inFiles(receiver.settings, token) }]),
  );
  const site = await kafkaSite(kafka, { sinks });
  try {
    const others = ['ingest', 'archive'].map((name) => site.start(name));
    const load = producing(site, loaded, 100);
    for (let kill = 0; kill < times; kill++) {
      const role = site.start('export');
      await pause(kill % 2 === 0 ? dice.integer(200, 3_000) : dice.integer(3_000, 6_000));
      role.signal('SIGKILL');
      await role.ended;
    }
    await load.stop();
    const last = site.start('export');
    await site.verdict();
    const found = await settled(site, opened, 120_000);
    for (const role of [last, ...others]) {
      const code = await role.stop();
      if (code !== 0) throw new Error(`a role ended with ${code}:\n${role.said()}`);
    }
    return found;
  } finally {
    await site.close();
    await kafka.stop();
    for (const { receiver } of opened) await receiver.close();
    rmSync(folder, { recursive: true });
  }
}

type Opened = readonly { readonly name: string; readonly receiver: { kept(): readonly string[] } }[];

/** Looks until nothing is waiting any more, or for so long. */
async function settled(
  site: Awaited<ReturnType<typeof kafkaSite>>,
  opened: Opened,
  patienceMs: number,
): Promise<readonly ReceiverFinding[]> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const rows = await site.rows(
      'SELECT sink, toString(event_id) AS event_id, state FROM audit.event_deliveries WHERE event_id IN (SELECT event_id FROM audit.events WHERE origin_topic = {topic:String})',
      { topic: site.topic },
    );
    const [count] = await site.rows('SELECT count() AS events FROM audit.events WHERE origin_topic = {topic:String}', {
      topic: site.topic,
    });
    const stored = Number(count?.events);
    const found = opened.map(({ name, receiver }) => {
      const kept = receiver.kept();
      const held = new Set(kept);
      const told = rows.filter(({ sink }) => sink === name);
      const delivered = told.filter(({ state }) => state === 'delivered');
      const otherwise = told.filter(({ state }) => ENDED.has(String(state)));
      return {
        kind: name,
        stored,
        lost: stored - delivered.length - otherwise.length,
        lied: delivered.filter(({ event_id }) => !held.has(String(event_id))).length,
        repeated: kept.length - held.size,
      };
    });
    if (found.every(({ lost }) => lost === 0) || Date.now() > until) return found;
    await pause(1_000);
  }
}

const ENDED = new Set(['buried', 'diverted', 'uncertain', 'filtered']);

/** Settings of a stand name secrets by variables; a process of its own gets them as files. */
function inFiles(settings: unknown, token: (name: string) => { readonly file: string }): Record<string, unknown> {
  if (typeof settings !== 'object' || settings === null) throw new TypeError('settings are an object');
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'object' && value !== null && 'env' in value ? token(String(value.env)) : value,
    ]),
  );
}
