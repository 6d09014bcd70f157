import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const cli = new URL('../../services/processes/cli.ts', import.meta.url).pathname;

/** `trailhouse …` as people run it. The surroundings are asked for each time: a test may set them up late. */
export function commands(
  around: () => { readonly given?: readonly string[]; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
) {
  async function run(...more: readonly string[]): Promise<Ran> {
    const { given = [], ...options } = around();
    try {
      const done = await promisify(execFile)(process.execPath, [cli, ...given, ...more], options);
      return { code: 0, out: done.stdout, err: done.stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  }

  /** What a command that must succeed answers. */
  async function rows(...more: readonly string[]): Promise<Record<string, unknown>[]> {
    const { code, out, err } = await run('--json', ...more);
    expect({ code, err }, more.join(' ')).toMatchObject({ code: 0 });
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  return { run, rows };
}
