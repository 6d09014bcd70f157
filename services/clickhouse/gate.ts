import { ClickHouseFailure } from './failure.ts';
import { readTree } from './gate-ast.ts';
import type { Refusal } from './gate-lexer.ts';
import { readText } from './gate-text.ts';
import { type Allowed, VIEWS_ALONE } from './gate-views.ts';

/**
 * What people may ask of the store: one SELECT over our views with listed functions. ClickHouse has no such mode:
 * `readonly` lets `file('/etc/passwd')` pass, and in the embedded engine any name can be a file's.
 *
 * Two locks, each of which refuses what it does not understand: the words of the query, by ClickHouse's lexical rules, and
 * the tree that ClickHouse's own parser makes of it. The words come first: an engine that is asked to explain a text runs
 * the statements after its first semicolon.
 */
export type Gated = Question | Refusal;

export interface Question {
  readonly ok: true;
  /** What to run: the same question without comments, its views spelt with their database. */
  readonly sql: string;
  /** What is read, with its database, each once. */
  readonly tables: readonly string[];
  /** Parameters and their types. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether its answer comes row by row. Totals follow the rows, and a subquery that is a value is run while ClickHouse plans. */
  readonly streams: boolean;
}

/** `explain` answers a statement with text (`TabSeparatedRaw`); here always `EXPLAIN AST …`. */
export async function gate(
  sql: string,
  explain: (statement: string) => Promise<string>,
  allowed: Allowed = VIEWS_ALONE,
): Promise<Gated> {
  const text = readText(sql, allowed);
  if (!text.ok) return text;
  const tree = await explained(text.parsable, explain);
  if (!tree.ok) return tree;
  const read = readTree(tree.text, text.named, allowed);
  if (!read.ok) return read;
  const streams = !text.totals && !read.scalar;
  return { ok: true, sql: text.sql, tables: read.tables, parameters: text.parameters, streams };
}

/** The first lock alone. */
export function checkQuery(
  sql: string,
  allowed: Allowed = VIEWS_ALONE,
): { readonly ok: true; readonly sql: string } | Refusal {
  const text = readText(sql, allowed);
  return text.ok ? { ok: true, sql: text.sql } : text;
}

type Explained = { readonly ok: true; readonly text: string } | Refusal;

/** What the parser turns down is the asker's mistake, and its first line says where. No answer at all is not. */
async function explained(sql: string, explain: (statement: string) => Promise<string>): Promise<Explained> {
  try {
    return { ok: true, text: await explain(`EXPLAIN AST ${sql}`) };
  } catch (error) {
    if (!(error instanceof ClickHouseFailure) || error.code === undefined) throw error;
    return { ok: false, reason: `ClickHouse cannot read this: ${error.message.slice(0, 400)}`, code: error.code };
  }
}
