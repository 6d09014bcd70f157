import { runs } from '../faults/runs.ts';

interface Figures {
  readonly title: string;
  readonly table: string;
  readonly held: boolean;
  readonly json: Readonly<Record<string, number>>;
}

/** Every fault of test/faults, with `kills` kills in all; about two seconds each. */
export async function exact(kills: number): Promise<Figures> {
  const rows: string[] = [];
  const total = { runs: 0, produced: 0, lost: 0, twice: 0, invented: 0 };
  for (const { name, faults, run } of runs(kills, 90_000)) {
    process.stderr.write(`${name} …\n`);
    const { produced, lost, twice, invented } = await run();
    rows.push(`| ${name} | ${faults} | ${produced} | ${lost.length} | ${twice.length} | ${invented.length} |`);
    process.stderr.write(`${rows.at(-1)}\n`);
    total.runs += faults;
    total.produced += produced;
    total.lost += lost.length;
    total.twice += twice.length;
    total.invented += invented.length;
  }
  rows.push(`| all | ${total.runs} | ${total.produced} | ${total.lost} | ${total.twice} | ${total.invented} |`);
  const head = '| fault | times | rows that must be there | lost | twice | invented |\n|---|---|---|---|---|---|';
  return {
    title: 'Exactness under faults',
    table: `${head}\n${rows.join('\n')}`,
    held: total.lost + total.twice + total.invented === 0,
    json: total,
  };
}
