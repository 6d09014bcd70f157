import { readFileSync } from 'node:fs';
import type { Player } from './stage.ts';

/** What was seen of a process at a time. */
export interface Sample {
  readonly name: string;
  readonly seconds: number;
  readonly megabytes: number;
  /** Delay of the event loop since the sample before, 99th percentile and greatest. */
  readonly delay: { readonly p99Ms: number; readonly maxMs: number } | undefined;
}

/** Resident memory now (proc_pid_status(5): VmRSS). */
export function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

export async function sampled({ name, role, metrics }: Player, seconds: number): Promise<Sample> {
  const text = await fetch(metrics).then(
    (answer) => answer.text(),
    () => '',
  );
  const [p99, max] = [secondsOf(text, 'p99'), secondsOf(text, 'max')];
  const delay = p99 === undefined || max === undefined ? undefined : { p99Ms: p99 * 1000, maxMs: max * 1000 };
  return { name, seconds, megabytes: residentMb(role.pid), delay };
}

/** prom-client's own, of perf_hooks' monitorEventLoopDelay; it begins anew at each reading. */
function secondsOf(text: string, which: 'p99' | 'max'): number | undefined {
  const [, value] = new RegExp(`^nodejs_eventloop_lag_${which}_seconds (\\S+)$`, 'm').exec(text) ?? [];
  return value === undefined || !Number.isFinite(Number(value)) ? undefined : Number(value);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Change over time, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([one]) => one), mean(([, one]) => one)];
  const over = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return over / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
