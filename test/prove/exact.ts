import { runs } from '../faults/runs.ts';
import type { Figures } from './figures.ts';

/** Runs mostly wait: for sessions to end, for pauses. Each has a broker and a store of its own. */
const SIDE_BY_SIDE = 3;

/** Every fault of test/faults, with `kills` kills in all. */
export async function exact(kills: number): Promise<Figures> {
  const rows: string[] = [];
  const total = { runs: 0, produced: 0, lost: 0, twice: 0, invented: 0 };
  const waiting = [...runs(kills, 90_000)];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { name, faults, run } = next;
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
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  rows.push(`| all | ${total.runs} | ${total.produced} | ${total.lost} | ${total.twice} | ${total.invented} |`);
  const head = '| fault | times | rows that must be there | lost | twice | invented |\n|---|---|---|---|---|---|';
  return {
    title: 'Exactness under faults',
    table: `${head}\n${rows.join('\n')}`,
    held: total.lost + total.twice + total.invented === 0,
    json: total,
  };
}
