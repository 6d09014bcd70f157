import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { exportKills } from '../faults/export-kills.ts';
import { laneUnderFaults } from '../faults/lanes.ts';
import { stands } from '../faults/stands.ts';
import { backlog } from './backlog.ts';
import type { Figures } from './figures.ts';

/** Events per second of one core that the issue of this part asks for. */
const FLOORS: Readonly<Record<string, number>> = {
  splunk: 30_000,
  datadog: 30_000,
  loki: 45_000,
  'otlp-logs': 45_000,
};

const RUNS = 3;

const measured = z.object({
  events: z.number(),
  bytes: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  receiverCpuMs: z.number(),
});

/** One lane to each strict receiver, each in processes of its own, one after the other; medians of three. */
async function lanes(): Promise<{ readonly table: string; readonly json: Readonly<Record<string, number>> }> {
  const script = new URL('lanes.ts', import.meta.url).pathname;
  const rows: string[] = [];
  const json: Record<string, number> = {};
  for (const { kind } of stands) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) {
      const { stdout } = await promisify(execFile)(process.execPath, [script, kind.name]);
      runs.push(measured.parse(JSON.parse(stdout)));
    }
    const [, found] = runs.sort((a, b) => a.cpuMs - b.cpuMs);
    if (found === undefined) continue;
    const { events, bytes, wallMs, cpuMs, receiverCpuMs } = found;
    const perCore = Math.round((events / cpuMs) * 1000);
    const share = Math.round((receiverCpuMs / (cpuMs + receiverCpuMs)) * 100);
    json[`${kind.name}PerCpuSecond`] = perCore;
    const floor = FLOORS[kind.name] ?? 0;
    rows.push(
      `| ${kind.name} | ${bytes} | ${Math.round((events / wallMs) * 1000)} | ${perCore} | ${floor || '–'} | ${share} % |`,
    );
    process.stderr.write(`${rows.at(-1)}\n`);
  }
  const head =
    '| receiver | bytes an event (Avro) | events/s, wall | events per CPU-second of the lane | asked | share of the receiver in all CPU |\n|---|---|---|---|---|---|';
  return { table: `${head}\n${rows.join('\n')}`, json };
}

const FAULTS_PER_RUN = 20;
/** `export` holds a lane to every receiver: a kill is a fault for each. */
const KILLS = 40;

/** Faults over sockets in process, and kills of the real process: `faults` in all, as equally shared as they come. */
async function faults(total: number): Promise<{ readonly table: string; readonly held: boolean }> {
  const rows: string[] = [];
  const sum = { faults: 0, events: 0, lost: 0, lied: 0 };
  const killed = await exportKills(KILLS, 11);
  const runs = Math.ceil((total - KILLS * stands.length) / stands.length / FAULTS_PER_RUN);
  for (const stand of stands) {
    const { name } = stand.kind;
    const one = { faults: KILLS, events: 0, lost: 0, lied: 0, repeated: 0, buried: 0, uncertain: 0 };
    for (let seed = 1; seed <= runs; seed++) {
      const found = await laneUnderFaults(stand, FAULTS_PER_RUN, seed);
      one.faults += found.faults;
      one.events += found.events;
      one.lost += found.lost.length;
      one.lied += found.lied.length;
      one.repeated += found.repeated;
      one.buried += found.buried;
      one.uncertain += found.uncertain;
    }
    const kills = killed.find(({ kind }) => kind === name);
    one.events += kills?.stored ?? 0;
    one.lost += kills?.lost ?? 0;
    one.lied += kills?.lied ?? 0;
    one.repeated += kills?.repeated ?? 0;
    rows.push(
      `| ${name} | ${one.faults} | ${one.events} | ${one.lost} | ${one.lied} | ${one.repeated} | ${one.buried} | ${one.uncertain} |`,
    );
    process.stderr.write(`${rows.at(-1)}\n`);
    sum.faults += one.faults;
    sum.events += one.events;
    sum.lost += one.lost;
    sum.lied += one.lied;
  }
  rows.push(`| all | ${sum.faults} | ${sum.events} | ${sum.lost} | ${sum.lied} | | | |`);
  const head =
    '| receiver | faults | events | lost | told as delivered, not there | sent again, same id | buried | uncertain |\n|---|---|---|---|---|---|---|---|';
  return { table: `${head}\n${rows.join('\n')}`, held: sum.lost + sum.lied === 0 };
}

/** One lane's pace, and every receiver under faults. All receivers are our own, written to their vendors' contracts. */
export async function receivers(total: number): Promise<Figures> {
  const pace = await lanes();
  const away = await backlog();
  const under = await faults(total);
  const what =
    'Against our own strict receivers. Pace: events of the demo day from Avro bytes to the receipt, gzip or snappy included; the ' +
    'receiver runs in a process of its own on the same two cores.';
  const how = `Faults: ${KILLS} kills of an \`export\` process that has a lane to each, and seeded ones over sockets while lanes die.`;
  return {
    title: 'Receivers',
    table: `${what}\n\n${pace.table}\n\nA receiver that is away (an OpenTelemetry target), on Apache Kafka:\n\n${away.table}\n\n${how}\n\n${under.table}`,
    held: under.held && away.held,
    json: pace.json,
  };
}
