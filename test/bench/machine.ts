import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** Day, commit and machine of a measurement, in one line. */
export function stamp(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(1);
  return (
    `${day}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB, Node ${process.version}, ` +
    `load average at the end ${load}`
  );
}
