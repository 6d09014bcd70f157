import { isOneOf, isSymbol, isWord, type Refusal, refuse, type Token } from './gate-lexer.ts';
import { type Allowed, DATABASE } from './gate-views.ts';

/** Where a query reads from, as far as its words say. */
export interface Sources {
  readonly ok: true;
  /** Names of the queries in the leading WITH, in order. */
  readonly named: readonly string[];
  /** Tokens that name a view without its database. */
  readonly unqualified: ReadonlySet<number>;
  /** Tokens that begin the name of a system table, and what is read instead. */
  readonly system: ReadonlyMap<number, string>;
}

/** What the words of one pair of brackets are about. */
interface Frame {
  /** The name a leading WITH gives to what stands in the brackets. */
  readonly name?: string | undefined;
  /** Whether a SELECT was seen. */
  select: boolean;
  /** What a comma separates: tables, or anything else. */
  tables: boolean;
}

const ENDS_TABLES = [
  ...['SELECT', 'WHERE', 'PREWHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'WINDOW', 'QUALIFY', 'UNION'],
  ...['EXCEPT', 'INTERSECT', 'USING'],
];

/** Checks every place of a table: a view, a query of the leading WITH above it, or a subquery in brackets. */
export function sourcesIn(tokens: readonly Token[], allowed: Allowed): Sources | Refusal {
  const named: string[] = [];
  const unqualified = new Set<number>();
  const system = new Map<number, string>();
  const frames: Frame[] = [{ select: false, tables: false }];
  for (const [index, token] of tokens.entries()) {
    const frame = frames.at(-1);
    if (frame === undefined) return refuse('a bracket closes that was not opened', token.from);
    const fault = misplaced(tokens, index, frames, named, allowed);
    if (fault !== undefined) return refuse(fault, token.from);
    if (isSymbol(token, '(')) frames.push({ name: nameOf(tokens, index), select: false, tables: false });
    else if (!isSymbol(token, ')')) follow(frame, tokens, index);
    else {
      frames.pop();
      if (frame.name !== undefined) named.push(frame.name);
    }
    if (!expectsTable(frame, tokens, index)) continue;
    const table = tableAt(tokens, index + 1, named, allowed);
    if (table.fault !== undefined) return refuse(table.fault, tokens[index + 1]?.from ?? token.to);
    if (table.unqualified) unqualified.add(index + 1);
    if (table.instead !== undefined) system.set(index + 1, table.instead);
  }
  return frames.length === 1 ? { ok: true, named, unqualified, system } : refuse('a bracket is not closed');
}

function follow(frame: Frame, tokens: readonly Token[], index: number): void {
  const token = tokens[index];
  if (isSymbol(tokens[index - 1], '.')) return;
  if (isWord(token, 'SELECT')) frame.select = true;
  if (isOneOf(token, ENDS_TABLES)) frame.tables = false;
  if (isWord(token, 'JOIN')) frame.tables = !isWord(tokens[index - 1], 'ARRAY');
  if (isFrom(frame, tokens, index)) frame.tables = true;
}

/** FROM of a SELECT: not of EXTRACT(… FROM …), WITH FILL FROM, IS DISTINCT FROM. */
function isFrom(frame: Frame, tokens: readonly Token[], index: number): boolean {
  const [before, above] = [tokens[index - 1], tokens[index - 2]];
  if (!isWord(tokens[index], 'FROM') || !frame.select || isWord(before, 'FILL')) return false;
  return !(isWord(before, 'DISTINCT') && isOneOf(above, ['IS', 'NOT']));
}

function expectsTable(frame: Frame, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (!frame.tables || isSymbol(tokens[index - 1], '.')) return false;
  return isFrom(frame, tokens, index) || isWord(token, 'JOIN') || isSymbol(token, ',');
}

function misplaced(
  tokens: readonly Token[],
  index: number,
  frames: readonly Frame[],
  named: readonly string[],
  allowed: Allowed,
): string | undefined {
  const token = tokens[index];
  if (isSymbol(token, '(')) return opened(tokens, index, frames, [...named, ...allowed.views, DATABASE]);
  if (isWord(token, 'WITH')) return secondWith(tokens, index, frames);
  const before = tokens[index - 1];
  if (frames.at(-1)?.tables !== true || isSymbol(before, '.') || isWord(before, 'AS')) return undefined;
  return isOneOf(token, ['SAMPLE', 'STREAM']) ? 'SAMPLE and STREAM are not taken' : undefined;
}

/** `name AS (SELECT` names a query; a bracket that opens one otherwise says so at once. */
function opened(
  tokens: readonly Token[],
  index: number,
  frames: readonly Frame[],
  taken: readonly string[],
): string | undefined {
  if (isWord(tokens[index + 1], 'FROM')) return 'FROM before SELECT is not taken';
  const name = nameOf(tokens, index);
  if (name === undefined) return undefined;
  if (frames.length !== 1 || !isWord(tokens[0], 'WITH')) return WITH_FIRST;
  if (tokens[index - 2]?.kind !== 'word') return 'a query in WITH has a plain name';
  return taken.includes(name) ? `the name ${name} is taken` : undefined;
}

/** What stands before `AS (SELECT`; empty when nothing does. */
function nameOf(tokens: readonly Token[], index: number): string | undefined {
  const names = isWord(tokens[index - 1], 'AS') && isOneOf(tokens[index + 1], ['SELECT', 'WITH']);
  return names ? (tokens[index - 2]?.text ?? '') : undefined;
}

/** WITH in brackets may name values; at the top there is one, and what belongs to GROUP BY and ORDER BY. */
function secondWith(tokens: readonly Token[], index: number, frames: readonly Frame[]): string | undefined {
  if (index === 0 || frames.length > 1) return undefined;
  return isOneOf(tokens[index + 1], ['TOTALS', 'ROLLUP', 'CUBE', 'FILL', 'TIES']) ? undefined : WITH_FIRST;
}

const WITH_FIRST = 'a WITH that names a query begins the whole query';

interface Place {
  readonly fault?: string;
  readonly unqualified?: boolean;
  readonly instead?: string;
}

function tableAt(tokens: readonly Token[], index: number, named: readonly string[], allowed: Allowed): Place {
  const [first, dot, second] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (isSymbol(first, '('))
    return isOneOf(tokens[index + 1], ['SELECT', 'WITH']) || isSymbol(tokens[index + 1], '(')
      ? {}
      : { fault: 'a subquery begins with SELECT or WITH' };
  if (first?.kind !== 'word' && first?.kind !== 'quoted') return { fault: 'a view should stand here' };
  if (isSymbol(dot, '(')) return { fault: 'table functions are not taken' };
  if (!isSymbol(dot, '.')) {
    if (allowed.views.has(first.text)) return { unqualified: true };
    return named.includes(first.text) ? {} : { fault: unknown(first.text, allowed) };
  }
  const view = second?.kind === 'word' || second?.kind === 'quoted' ? second.text : '';
  if (isSymbol(tokens[index + 3], '.') || isSymbol(tokens[index + 3], '('))
    return { fault: 'a view should stand here, nothing deeper' };
  const instead = first.text === 'system' ? allowed.system.get(view) : undefined;
  if (instead !== undefined) return { instead: isNamed(tokens, index + 3) ? instead : `${instead} AS ${view}` };
  return first.text === DATABASE && allowed.views.has(view) ? {} : { fault: unknown(`${first.text}.${view}`, allowed) };
}

/** Words that may follow a table and are no alias of it. */
const NO_ALIAS = [
  ...[...ENDS_TABLES, 'JOIN', 'ON', 'FINAL', 'FORMAT', 'SETTINGS', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS'],
  ...['ANY', 'ALL', 'ASOF', 'SEMI', 'ANTI', 'GLOBAL', 'LOCAL', 'ARRAY', 'PASTE'],
];

/** Whether the table that ends before this token is given another name. */
function isNamed(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  return token?.kind === 'quoted' || (token?.kind === 'word' && !isOneOf(token, NO_ALIAS));
}

/** Said of a name that is none of ours; there are few, so they are listed. */
export function unknown(name: string, { views }: Allowed): string {
  const shown = /^[\w.]{1,80}$/.test(name) ? name : `(name of ${name.length} characters)`;
  return `${shown} is not a view; there are ${[...views].map((view) => `${DATABASE}.${view}`).join(', ')}`;
}
