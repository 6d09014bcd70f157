import { sorted } from '../support/canary/open.ts';
import { canaryRun } from '../support/canary/run.ts';
import type { Figures } from './figures.ts';

/** Every golden of every format with canaries in it, `rounds` times, through real processes. */
export async function canary(rounds: number): Promise<Figures> {
  const run = await canaryRun({ rounds, every: 1, seed: 1 });
  const { fresh, known } = sorted(run.leaks);
  const left = new Set(fresh.map(({ text }) => text)).size;
  for (const { kind, format, path, place, form } of fresh.slice(0, 50))
    process.stderr.write(`${kind} of ${format} ${path} in ${place} (${form})\n`);
  const { searched } = run;
  const rows: readonly (readonly [string, string | number])[] = [
    ['messages, every golden of every format', `${run.messages}, ${run.formats} formats`],
    ['canaries planted', `${run.canaries}, ${run.kinds} kinds`],
    ['found in the raw topics, where they must be', `${run.inRawTopics} of ${run.sent}`],
    ['rows of all tables searched', searched.rows],
    ['records of other topics (value, key, headers)', searched.records],
    ['events at five receivers, shown in clear', searched['events at receivers']],
    ['answers, commands, refused configurations, metrics, logs', searched.answers],
    ['files below the data directory', searched.files],
    ['megabytes searched', Math.round(searched.bytes / 1e6)],
    ...[...known].filter(([, count]) => count > 0).map(([name, count]) => [`**open**: ${name}`, count] as const),
    ['canaries found elsewhere', left],
  ];
  const what =
    "Credentials in every text, key and header of messages, people's data where words stand, in keys and headers of records, in messages " +
    'nobody can read, in questions, commands and configurations. Looked for as they are, JSON-escaped, percent-encoded, in hex and in base64.';
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return {
    title: 'Canaries',
    table: `${what}\n\n| what | found |\n|---|---|\n${table}`,
    held: left === 0 && run.inRawTopics === run.sent && [...known.values()].every((count) => count === 0),
    json: { messages: run.messages, canaries: run.canaries, left },
  };
}
