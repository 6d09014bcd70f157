import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A role of Trailhouse as a real process, for tests that kill, pause and restart it. */
export interface Role {
  readonly pid: number;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  /** What it has written on stderr so far. */
  said(): string;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | string>;
}

const cli = new URL('../../services/processes/cli.ts', import.meta.url).pathname;

export function startRole(role: string, config: string, environment: NodeJS.ProcessEnv = {}): Role {
  return startIn(process.cwd(), ['--config', config, role], { ...process.env, ...environment });
}

/** `trailhouse …` in a folder. */
export function startIn(folder: string, given: readonly string[], environment: NodeJS.ProcessEnv): Role {
  const child = spawn(process.execPath, [cli, ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  const heard: string[] = [];
  child.stdout.on('data', (chunk) => heard.push(String(chunk)));
  child.stderr.on('data', (chunk) => heard.push(String(chunk)));
  const ended = exit(child);
  return {
    pid: child.pid ?? 0,
    ended,
    said: () => heard.join(''),
    signal: (name) => void child.kill(name),
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function exit(child: ChildProcess): Promise<number | string> {
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}

/** A folder with a configuration in it, gone when the test is over. */
export function workplace(): { readonly folder: string; write(config: unknown): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-'));
  return {
    folder,
    write(config) {
      const file = join(folder, 'trailhouse.yaml');
      writeFileSync(file, stringify(config));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
