import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';
import { AT_ONCE, rollUp, unrolled } from '../../services/clickhouse/rollups.ts';
import type { Store } from '../../services/core/store.ts';
import { ANALYST } from '../../services/processes/open.ts';
import type { Figures } from './figures.ts';
import { fill, type Spread } from './queries/fill.ts';
import { type Known, questions, type Timed } from './queries/questions.ts';
import { stored } from './queries/stored.ts';

const DAYS = 31;
const TURNS = 40;
/** What takes seconds is asked less often. */
const SLOW_TURNS = 5;

/** Questions people ask, over many rows in the engine, warm, each beside the same question without what makes it fast. */
export async function queries(rows: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-queries-'));
  const clickhouse = await openClickHouse({
    driver: 'embedded',
    path: join(folder, 'store'),
    spool: join(folder, 'spool'),
  });
  try {
    const spread = { rows, days: DAYS, end: Math.floor(Date.now() / 86_400_000) * 86_400 };
    const rolling = await prepare(clickhouse, spread);
    const store = clickhouse.reader(ANALYST);
    const known = await pick(store);
    const lines: Line[] = [];
    for (const question of questions(spread, known)) {
      lines.push(await timed(question, store));
      process.stderr.write(`${lineOf(lines.at(-1))}\n`);
    }
    return figures(lines, rolling, await sizesOf(clickhouse, rows), rows);
  } finally {
    await clickhouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers the seconds that rolling up a day took, on average. */
async function prepare({ writer }: ClickHouse, spread: Spread): Promise<number> {
  await migrate(writer);
  process.stderr.write(`filling ${spread.rows} rows …\n`);
  await fill(writer, spread);
  await merged(writer);
  const days = await unrolled(writer, '2140-01-01', Date.now() * 1000);
  const begun = performance.now();
  for (let first = 0; first < days.length; first += AT_ONCE) await rollUp(writer, days.slice(first, first + AT_ONCE));
  return (performance.now() - begun) / 1000 / days.length;
}

/** Merges in the background would be measured along. */
async function merged(store: Store): Promise<void> {
  for (;;) {
    const [row] = await store.rows("SELECT count() AS merges FROM system.merges WHERE database = 'audit'");
    if (row?.merges === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function pick(store: Store): Promise<Known> {
  const some = await store.rows(
    `SELECT toString(event_id) AS id, session_id FROM audit.events WHERE cityHash64(event_id) % 10007 = 0 LIMIT ${TURNS} BY action LIMIT ${TURNS}`,
  );
  return { ids: some.map(({ id }) => String(id)), sessions: some.map(({ session_id }) => String(session_id)) };
}

interface Line {
  readonly question: Timed;
  readonly times: readonly number[];
  readonly beside: readonly number[];
  /** Whether both ways answered alike. */
  readonly alike: boolean;
}

async function timed(question: Timed, store: Store): Promise<Line> {
  const { sql, beside, params } = question;
  const ask = async (text: string, turns: number): Promise<readonly [readonly number[], readonly string[]]> => {
    await store.text(text, 'JSONEachRow', params(0));
    const [times, answers]: [number[], string[]] = [[], []];
    for (let turn = 0; turn < turns; turn++) {
      const begun = performance.now();
      answers.push(await store.text(text, 'JSONEachRow', params(turn)));
      times.push(performance.now() - begun);
    }
    return [times, answers];
  };
  const [times, answers] = await ask(sql, TURNS);
  if (beside === undefined) return { question, times, beside: [], alike: true };
  const [others, theirs] = await ask(beside.sql, SLOW_TURNS);
  return { question, times, beside: others, alike: theirs.every((answer, turn) => answer === answers[turn]) };
}

/** The time that a share of the turns did not exceed. */
function share(times: readonly number[], of: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  const time = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * of) - 1)];
  return time === undefined ? '–' : time.toFixed(time < 10 ? 1 : 0);
}

function lineOf(line: Line | undefined): string {
  if (line === undefined) return '';
  const { question, times, beside } = line;
  const { name, goalMs } = question;
  const other = question.beside === undefined ? '–' : `${share(beside, 0.5)} (${question.beside.how})`;
  return `| ${name} | ${share(times, 0.5)} | ${share(times, 0.95)} | ${goalMs ?? '–'} | ${other} |`;
}

async function sizesOf(clickhouse: ClickHouse, rows: number) {
  const { plain, columns, indexes, projections, rollups } = await stored(clickhouse.writer, rows);
  return {
    bytesPerRow: plain,
    bytesPerRowAll: columns + indexes + projections + rollups,
    columns,
    indexes,
    projections,
    rollups,
  };
}

/** Of few rows it is not known what a column takes. */
const shown = (bytes: number): string => (Number.isNaN(bytes) ? '–' : bytes.toFixed(1));

function figures(
  lines: readonly Line[],
  rolling: number,
  sizes: Awaited<ReturnType<typeof sizesOf>>,
  rows: number,
): Figures {
  const { bytesPerRow, bytesPerRowAll, columns, indexes, projections, rollups } = sizes;
  const table = [
    `${rows} generated events over ${DAYS} days in the embedded engine, ${TURNS} warm turns a question (${SLOW_TURNS} for the other way), milliseconds;`,
    `load average of the machine ${loadavg()[0]?.toFixed(1)}. Both ways answered alike: ${lines.every(({ alike }) => alike) ? 'yes' : 'NO'}.`,
    '',
    '| question | p50 | p95 | aim for p95 | p50 on the other way |',
    '|---|---|---|---|---|',
    ...lines.map(lineOf),
    '',
    `Rolling up a day took ${rolling.toFixed(1)} s on average.`,
    '',
    '| bytes of a stored event | measured |',
    '|---|---|',
    `| columns but ids, hashes and salts (at most 100) | ${shown(bytesPerRow)} |`,
    `| all columns | ${shown(columns)} |`,
    `| skip indexes | ${shown(indexes)} |`,
    `| projections | ${shown(projections)} |`,
    `| rollups | ${shown(rollups)} |`,
    `| all | ${shown(bytesPerRowAll)} |`,
  ].join('\n');
  const [id, day] = lines.map(({ times }) => Number(share(times, 0.95)));
  const rollup = Number(share(lines.find(({ question }) => question.goalMs === 500)?.times ?? [], 0.95));
  return {
    title: 'Questions over many events',
    table,
    held: lines.every(({ alike }) => alike),
    json: { rows, byIdMs: id ?? 0, personsDayMs: day ?? 0, rollupMs: rollup, bytesPerRow, bytesPerRowAll },
  };
}
