import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ClickHouse } from '../../../services/clickhouse/client.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';

export interface Twin {
  readonly pid: number;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Its tables: those of Trailhouse, with salts, commitment and leaf as text, as JSON has no bytes. */
const TABLES = [
  'CREATE DATABASE naive',
  'CREATE TABLE naive.events AS audit.events',
  'ALTER TABLE naive.events MODIFY COLUMN content_commitment Nullable(String)',
  'ALTER TABLE naive.events MODIFY COLUMN personal_salt String',
  'ALTER TABLE naive.events ADD COLUMN leaf String',
  'CREATE TABLE naive.content AS audit.content',
  'ALTER TABLE naive.content MODIFY COLUMN content_salt String',
  `CREATE TABLE naive.quarantine
   (id UUID, topic String, partition Int32, offset Int64, receivedAt String, reason String, sealed String)
   ENGINE = MergeTree ORDER BY id`,
];

export async function createTables({ writer }: ClickHouse): Promise<void> {
  await migrate(writer);
  for (const statement of TABLES) await writer.run(statement);
}

/** Starts the twin; `keys` is the folder of the keys by which the other side masks. */
export async function startTwin(broker: string, topic: string, url: string, keys: string): Promise<Twin> {
  const script = new URL('process.ts', import.meta.url);
  const child = fork(script, [broker, topic, url, keys], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the naive twin ended with ${code}`)));
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
  const tell = async (order: 'pause' | 'resume'): Promise<void> => {
    const done = once(child, 'message');
    child.send(order);
    await Promise.race([done, ended]);
  };
  return {
    pid: child.pid ?? 0,
    pause: () => tell('pause'),
    resume: () => tell('resume'),
    async stop() {
      child.kill('SIGKILL');
      await ended.catch(() => undefined);
    },
  };
}
