import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { ServerConfig } from '../../services/clickhouse/client.ts';

/** A ClickHouse server as far as tests need one, and the ways it can fail. Every control resolves once it holds. */
export interface ClickHouseFront {
  readonly config: ServerConfig;
  /** Of the process that holds the engine. */
  pid(): number;
  /** Refuses connections and drops the open ones. */
  goAway(): Promise<void>;
  /** Takes requests and neither does nor answers them. */
  hang(): Promise<void>;
  /** Ends `goAway` and `hang`. */
  serve(): Promise<void>;
  /** Does the next `times` statements that match, and drops the connection instead of answering. */
  loseReplies(pattern: RegExp, times: number): Promise<void>;
  /** `SIGSTOP` and `SIGCONT` pause and resume it. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** kill -9, and a new process over the same directory and port. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

const reply = z.object({ port: z.number() });

/**
 * Stands in for a ClickHouse server: the engine (chdb) in a process of its own behind the parts of ClickHouse's HTTP
 * interface that `@clickhouse/client` and the archive use. The engine's own answers are real; users, timeouts,
 * compression, progress and `input()` are not: a body of `FORMAT Avro` goes through a file.
 */
export async function clickhouseFront(directory: string): Promise<ClickHouseFront> {
  let { child, port } = await start(directory, 0);

  async function tell(message: object): Promise<void> {
    const said = once(child, 'message');
    child.send(message);
    await said;
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  return {
    config: { driver: 'server', url: `http://127.0.0.1:${port}`, username: 'default', requestTimeoutMs: 2_000 },
    pid: () => child.pid ?? 0,
    goAway: () => tell({ mode: 'gone' }),
    hang: () => tell({ mode: 'hang' }),
    serve: () => tell({ mode: 'serve' }),
    loseReplies: (pattern, times) => tell({ lose: { pattern: pattern.source, times } }),
    signal: (name) => void child.kill(name),
    async killAndRestart() {
      await kill();
      ({ child, port } = await start(directory, port));
    },
    close: kill,
  };
}

async function start(directory: string, wanted: number): Promise<{ child: ChildProcess; port: number }> {
  const script = new URL('clickhouse-front-process.ts', import.meta.url);
  const child = fork(script, [directory, String(wanted)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the front ended with ${code}`))),
  ]);
  return { child, port: reply.parse(message).port };
}
