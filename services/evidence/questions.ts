import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { MEASURES } from './controls/measures.ts';
import { csvLine, FORMULA } from './csv.ts';
import type { Asked } from './manifest.ts';
import { isOpen, maskRow } from './mask.ts';
import type { Parts, Question, Row } from './parts.ts';
import { CannotBuild } from './refusal.ts';
import { type Request, scopeOf } from './request.ts';

import type { Written, Zip } from './zip.ts';

/** Rows that are in memory together. */
const PAGE = 20_000;

/** The statement as it is run, and how it was narrowed. */
interface Prepared {
  readonly sql: string;
  readonly params: Readonly<Record<string, string>>;
  readonly isScoped: boolean;
  readonly ofWindow: boolean;
}

/**
 * Where a scope is given, the trail is narrowed by it in the statement itself. A question that asks other views is asked
 * of everything, and its folder says so.
 */
export function prepare(question: Question, request: Request): Prepared {
  const ofWindow = /\bfrom=/.test(question.usage);
  const window = ofWindow ? { from: request.from, to: request.to } : {};
  const bound = question.bind({ ...MEASURES[question.name]?.params, ...window });
  if (!bound.ok) throw new RangeError(`question ${question.name}: ${bound.reason}`);
  const scope = Object.entries(scopeOf(request.scope));
  const isScoped = scope.length > 0 && question.sql.includes('audit.trail');
  if (!isScoped) return { sql: question.sql, params: bound.params, isScoped: scope.length === 0, ofWindow };
  const fits = scope.map(([column]) => `${column} = {scope_${column}:String}`).join(' AND ');
  return {
    sql: question.sql.replaceAll(/\baudit\.trail\b/g, `(SELECT * FROM audit.trail WHERE ${fits})`),
    params: { ...bound.params, ...Object.fromEntries(scope.map(([column, value]) => [`scope_${column}`, value])) },
    isScoped,
    ofWindow,
  };
}

/** Asks a question and writes its folder: question.json, query.sql, rows.jsonl and rows.csv. */
export async function askInto(
  zip: Zip,
  question: Question,
  request: Request,
  parts: Parts,
  spool: string,
): Promise<{ readonly asked: Asked; readonly files: readonly Written[] }> {
  const path = `questions/${question.name}`;
  const prepared = prepare(question, request);
  const csv = await open(spool, 'w', 0o600);
  const tally = { rows: 0, neutralised: 0, columns: [] as string[] };
  try {
    const jsonl = await zip.add(`${path}/rows.jsonl`, rowsOf(prepared, parts, question.name, request, csv, tally));
    if (tally.rows === 0) {
      tally.columns.push(...(await columnsOf(prepared, parts)));
      await csv.write(csvLine(tally.columns));
    }
    const files = [jsonl, await zip.add(`${path}/rows.csv`, createReadStream(spool))];
    files.push(await zip.add(`${path}/query.sql`, [Buffer.from(`${prepared.sql}\n`)]));
    const about = aboutText(question, request, { ...prepared, isBound: parts.isBound(question.sql) }, tally);
    files.push(await zip.add(`${path}/question.json`, [Buffer.from(about)]));
    const ofEvents = prepared.ofWindow && prepared.isScoped && tally.columns.includes('event_id');
    return { asked: { question: question.name, path, ...tally, of_events: ofEvents }, files };
  } finally {
    await csv.close();
    await rm(spool, { force: true });
  }
}

interface Tally {
  rows: number;
  neutralised: number;
  readonly columns: string[];
}

/** Lines of rows.jsonl; the same rows go to the CSV as they pass. */
async function* rowsOf(
  { sql, params }: Prepared,
  parts: Parts,
  name: string,
  request: Request,
  csv: { write(text: string): Promise<unknown> },
  tally: Tally,
): AsyncGenerator<Buffer> {
  for (let isLast = false; !isLast; ) {
    const page = await parts.rows(pageOf(sql, tally.rows), params);
    isLast = page.length < PAGE;
    const rows = page.map((row) => (request.profile === 'full' ? row : maskRow(name, row, parts.token)));
    const [first] = rows;
    if (first === undefined) break;
    if (tally.columns.length === 0) {
      tally.columns.push(...Object.keys(first));
      await csv.write(csvLine(tally.columns));
    }
    await csv.write(rows.map((row) => csvLine(Object.values(row))).join(''));
    tally.rows += rows.length;
    tally.neutralised += rows.reduce((sum, row) => sum + neutralised(row), 0);
    yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  if (params.limit !== undefined && tally.rows >= Number(params.limit))
    throw new CannotBuild(
      `${name} has more rows than it can be asked for: ask for a shorter period or a narrower scope`,
    );
  if (tally.rows < PAGE) return;
  const [counted] = await parts.rows(`SELECT toString(count()) AS rows FROM (${sql}\n)`, params);
  if (tally.rows !== Number(counted?.rows))
    throw new CannotBuild(`the answer to ${name} changed while it was read: build the bundle again`);
}

/** One thread: what ties an order leaves open comes out the same each time. */
const pageOf = (sql: string, offset: number): string =>
  `SELECT * FROM (${sql}\n) LIMIT ${PAGE} OFFSET ${offset} SETTINGS max_threads = 1`;

async function columnsOf({ sql, params }: Prepared, parts: Parts): Promise<readonly string[]> {
  const rows = await parts.rows(`DESCRIBE (${sql}\n)`, params);
  return rows.map(({ name }) => String(name));
}

const neutralised = (row: Row): number =>
  Object.values(row).filter((cell) => typeof cell === 'string' && FORMULA.test(cell)).length;

function aboutText(
  question: Question,
  request: Request,
  prepared: Prepared & { isBound: boolean },
  tally: Tally,
): string {
  const about = {
    question: question.name,
    title: question.title,
    a_row_is: MEASURES[question.name]?.row ?? '',
    parameters: prepared.params,
    window: prepared.ofWindow ? 'asked of the window of the request' : 'asked of all times',
    answered_of: prepared.isBound
      ? 'the events that the checkpoints cover'
      : 'everything that was stored when it was asked',
    scope: prepared.isScoped
      ? request.scope
      : 'not narrowed by the scope: this question asks views that do not have its columns',
    deadlines_as_of: request.asked_at,
    rows: tally.rows,
    masked: request.profile === 'full' ? [] : tally.columns.filter((column) => !isOpen(question.name, column)),
    csv_cells_with_an_apostrophe_in_front: tally.neutralised,
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}
