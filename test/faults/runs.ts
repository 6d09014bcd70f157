import { type KafkaServer, startKafka } from '../support/kafka.ts';
import type { Finding } from './oracle.ts';
import { kills, paused, through } from './scenarios.ts';
import { embeddedSite, type KafkaSite, kafkaSite, pause, type Site } from './site.ts';

export interface Run {
  readonly name: string;
  /** How often the fault happens. */
  readonly faults: number;
  run(): Promise<Finding>;
}

/** Outside of CI a machine without Java and Maven skips; see test/support/kafka.ts. */
export class KafkaMissing extends Error {
  override readonly name = 'KafkaMissing';
}

const SEED = 7;

/** Every fault, with kills shared out evenly; a pause lasts `pauseMs`. */
export function runs(totalKills: number, pauseMs: number): readonly Run[] {
  const each = Math.ceil(totalKills / 3);
  return [
    {
      name: 'kill -9 of ingest',
      faults: each,
      run: () => onKafka((site) => kills(site, 'ingest', ['archive'], each, SEED)),
    },
    {
      name: 'kill -9 of archive',
      faults: each,
      run: () => onKafka((site) => kills(site, 'archive', ['ingest'], each, SEED)),
    },
    {
      name: 'kill -9 of up',
      faults: totalKills - 2 * each,
      run: () => onEmbedded((site) => kills(site, 'up', [], totalKills - 2 * each, SEED)),
    },
    {
      name: `ingest paused ${pauseMs / 1000} s, two members`,
      faults: 1,
      run: () => onKafka((site) => paused(site, 'ingest', pauseMs)),
    },
    {
      name: `archive paused ${pauseMs / 1000} s, two members`,
      faults: 1,
      run: () => onKafka((site) => paused(site, 'archive', pauseMs)),
    },
    {
      name: 'two archives at once',
      faults: 1,
      run: () => onKafka((site) => through(site, ['ingest', 'archive', 'archive'], () => pause(5_000))),
    },
    {
      name: 'broker killed and restarted',
      faults: 1,
      run: () =>
        onKafka((site, kafka) =>
          through(site, ['ingest', 'archive'], async () => {
            await kafka.kill();
            await pause(2_000);
            await kafka.restart();
            await pause(5_000);
          }),
        ),
    },
    {
      name: 'ClickHouse gone, hanging, killed, replies lost',
      faults: 4,
      run: () =>
        onKafka((site) =>
          through(site, ['ingest', 'archive'], async () => {
            await site.front.goAway();
            await pause(3_000);
            await site.front.serve();
            await pause(1_000);
            await site.front.hang();
            await pause(5_000);
            await site.front.serve();
            await pause(1_000);
            await site.front.killAndRestart();
            await site.front.loseReplies(/INSERT INTO/, 5);
            await pause(4_000);
          }),
        ),
    },
  ];
}

export async function onEmbedded(
  use: (site: Site) => Promise<Finding>,
  prepare?: (folder: string) => void,
): Promise<Finding> {
  const site = await embeddedSite(prepare);
  try {
    return await use(site);
  } finally {
    await site.close();
  }
}

/** A broker and a store of its own for each run: nothing of one run is seen by the next. */
export async function onKafka(use: (site: KafkaSite, kafka: KafkaServer) => Promise<Finding>): Promise<Finding> {
  const kafka = await startKafka();
  if (kafka === undefined) throw new KafkaMissing('Apache Kafka cannot be started: see the line above');
  const site = await kafkaSite(kafka);
  try {
    return await use(site, kafka);
  } finally {
    await site.close();
    await kafka.stop();
  }
}
