import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { namedRows, show } from './answers.ts';
import { EXIT } from './exit.ts';
import type { Globals } from './globals.ts';
import type { Row } from './render.ts';

/** Characters of a bar that stands for everything. */
const WIDTH = 40;

/** From the surest to none, as docs/attribution.md explains them. */
const CONFIDENCES = ['verified', 'claimed', 'inferred', 'none'] as const;

/** `trailhouse attribution`: how surely it is known who acted, or whom nobody is known for and what would tell. */
export async function attribution(
  globals: Globals,
  given: { readonly from?: string; readonly to?: string; readonly unattributed?: boolean },
): Promise<number> {
  const name = given.unattributed === true ? 'unattributed' : 'attribution';
  const window = Object.entries({ from: given.from, to: given.to }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const rows = await withDesk(readConfig(globals.config, process.env), (desk) =>
    namedRows(desk, name, Object.fromEntries(window)),
  );
  if (name === 'attribution' && globals.json !== true && rows.length > 0) process.stdout.write(`${bars(rows)}\n`);
  show(rows, globals);
  return EXIT.ok;
}

/** A line per confidence: its share of all events, drawn and in figures. */
export function bars(rows: readonly Row[]): string {
  const total = sumOf(rows);
  return CONFIDENCES.map((confidence) => {
    const events = sumOf(rows.filter((row) => row.actor_confidence === confidence));
    const share = total === 0 ? 0 : events / total;
    // What there is a little of must not look like nothing.
    const length = events === 0 ? 0 : Math.max(1, Math.round(share * WIDTH));
    const percent = (share > 0 && share < 0.0005 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`).padStart(7);
    return `${confidence.padEnd(8)}  ${'█'.repeat(length).padEnd(WIDTH, '░')}  ${percent}  ${events}\n`;
  }).join('');
}

const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, { events }) => sum + Number(events), 0);
