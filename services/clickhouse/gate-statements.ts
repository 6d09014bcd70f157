import { isOneOf, isSymbol, isWord, lex, type Refusal, refuse, type Token } from './gate-lexer.ts';
import { unknown } from './gate-sources.ts';
import { type Allowed, DATABASE } from './gate-views.ts';
import { quote } from './sql.ts';

/** A SELECT, as it came or in place of a statement that looks something up. */
export type Read = { readonly ok: true; readonly sql: string } | Refusal;

/**
 * SHOW DATABASES, SHOW TABLES, DESCRIBE and EXISTS as the SELECT over the catalogues that says the same. What comes out is a text
 * like any other, and goes through the gate.
 */
export function asSelect(sql: string, allowed: Allowed): Read {
  const lexed = lex(sql);
  if (!lexed.ok) return lexed;
  const tokens = lexed.tokens.filter((token) => !isSymbol(token, ';'));
  const [first, second] = tokens;
  if (isWord(first, 'SHOW') && isOneOf(second, ['DATABASES', 'SCHEMAS'])) return databases(tokens.slice(2));
  if (isWord(first, 'SHOW') && isWord(second, 'TABLES')) return tables(tokens.slice(2));
  if (isOneOf(first, ['DESCRIBE', 'DESC'])) return columns(tokens.slice(isWord(second, 'TABLE') ? 2 : 1), allowed);
  if (isWord(first, 'EXISTS')) return exists(tokens.slice(isOneOf(second, ['TABLE', 'VIEW']) ? 2 : 1), allowed);
  return { ok: true, sql };
}

function databases(rest: readonly Token[]): Read {
  const like = condition(rest);
  return like === undefined ? odd(rest) : select(`name FROM system.databases WHERE 1${like} ORDER BY name`);
}

function tables(rest: readonly Token[]): Read {
  const from = isOneOf(rest[0], ['FROM', 'IN']);
  if (from && !isName(rest[1])) return odd(rest.slice(1));
  const like = condition(rest.slice(from ? 2 : 0));
  if (like === undefined) return odd(rest.slice(from ? 2 : 0));
  const database = from ? (rest[1]?.text ?? '') : DATABASE;
  return select(`name FROM system.tables WHERE database = ${quote(database)}${like} ORDER BY name`);
}

/** `[NOT] LIKE 'pattern'` and nothing after it; undefined for anything else. */
function condition(rest: readonly Token[]): string | undefined {
  if (rest.length === 0) return '';
  const negated = isWord(rest[0], 'NOT');
  const [operator, pattern, ...more] = rest.slice(negated ? 1 : 0);
  if (!isOneOf(operator, ['LIKE', 'ILIKE']) || pattern?.kind !== 'string' || more.length > 0) return undefined;
  return ` AND name ${negated ? 'NOT ' : ''}${operator?.text} ${pattern.text}`;
}

function columns(rest: readonly Token[], allowed: Allowed): Read {
  const named = view(rest, allowed);
  if (!named.ok) return named;
  return select(
    `name, type, default_kind AS default_type, default_expression, comment, '' AS codec_expression, '' AS ttl_expression
FROM system.columns WHERE database = ${quote(DATABASE)} AND table = ${quote(named.name)} ORDER BY position`,
  );
}

function exists(rest: readonly Token[], allowed: Allowed): Read {
  const { name } = nameOf(rest);
  if (name === undefined) return odd(rest);
  return select(`toUInt8(${view(rest, allowed).ok ? 1 : 0}) AS result`);
}

type Named = { readonly ok: true; readonly name: string } | Refusal;

function view(rest: readonly Token[], allowed: Allowed): Named {
  const { database, name } = nameOf(rest);
  if (name === undefined) return odd(rest);
  if (database === DATABASE && allowed.views.has(name)) return { ok: true, name };
  return refuse(unknown(`${database}.${name}`, allowed));
}

function nameOf(rest: readonly Token[]): { readonly database: string; readonly name?: string } {
  const [first, dot, second, ...more] = rest;
  if (!isName(first) || more.length > 0) return { database: DATABASE };
  if (dot === undefined) return { database: DATABASE, name: first?.text ?? '' };
  return isSymbol(dot, '.') && isName(second)
    ? { database: first?.text ?? '', name: second?.text ?? '' }
    : { database: DATABASE };
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';
const select = (text: string): Read => ({ ok: true, sql: `SELECT ${text}` });
const odd = ([token]: readonly Token[]): Refusal => refuse('this statement is not understood here', token?.from);
