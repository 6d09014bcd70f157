/** A word of SQL, with its place in the text it was read from. */
export interface Token {
  /** `quoted`: an identifier in backticks or double quotes. `parameter`: `{name:Type}`. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol';
  /** As it stands; of a quoted identifier what is between the quotes. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type Lexed = { readonly ok: true; readonly tokens: readonly Token[] } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: string;
  /** ClickHouse's own code, where it is ClickHouse that cannot read it. */
  readonly code?: number;
}

export const refuse = (reason: string, at?: number): Refusal => ({
  ok: false,
  reason: at === undefined ? reason : `${reason} (character ${at + 1})`,
});

/**
 * ClickHouse's lexical rules (src/Parsers/Lexer.cpp), those of them a question needs. Left out, and so refused: heredocs,
 * `@`, `$`, escapes in quoted identifiers, comments within comments, and everything outside quotes that is not ASCII:
 * ClickHouse reads some of Unicode's spaces and quotation marks as its own.
 */
const RULES: readonly { readonly kind: Token['kind'] | 'comment'; readonly rule: RegExp }[] = [
  { kind: 'comment', rule: /[ \t\r\n]+|--[^\n]*|\/\/[^\n]*|#[ !][^\n]*|\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\//y },
  { kind: 'string', rule: /'(?:[^'\\]|\\[\s\S]|'')*'/y },
  { kind: 'quoted', rule: /`[^`\\]*`|"[^"\\]*"/y },
  { kind: 'word', rule: /[A-Za-z_][A-Za-z0-9_]*/y },
  { kind: 'number', rule: /[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)?/y },
  { kind: 'parameter', rule: /\{\s*[A-Za-z_]\w*\s*:\s*[A-Za-z][\w ,()'/]*\}/y },
  { kind: 'symbol', rule: /[-()[\],.;:?^+*%=<>!|]|\/(?!\*)/y },
];

/** Line ends and other controls: an identifier that holds one could forge a line of `EXPLAIN AST`. */
const CONTROL = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;

/** Splits a query into tokens; comments and white space are dropped. */
export function lex(sql: string): Lexed {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const token = next(sql, at);
    if (token === undefined) return refuse(`${JSON.stringify(sql.slice(at, at + 1))} is not understood here`, at);
    if (token.kind !== 'comment') {
      const fault = check({ ...token, kind: token.kind }, tokens.at(-1));
      if (fault !== undefined) return refuse(fault, at);
      tokens.push({ ...token, kind: token.kind });
    }
    at = token.to;
  }
  return { ok: true, tokens };
}

function next(
  sql: string,
  from: number,
): (Omit<Token, 'kind'> & { readonly kind: Token['kind'] | 'comment' }) | undefined {
  for (const { kind, rule } of RULES) {
    rule.lastIndex = from;
    const [text] = rule.exec(sql) ?? [];
    if (text === undefined) continue;
    return { kind, text: kind === 'quoted' ? text.slice(1, -1) : text, from, to: from + text.length };
  }
  return undefined;
}

/** What a parameter may be. `Identifier` may not: its value would name a table nobody checked. */
const PARAMETER_TYPE =
  /^(?:String|Bool|UUID|Date|Date32|U?Int(?:8|16|32|64)|Float(?:32|64)|DateTime(?:\('[\w/]+'\))?|DateTime64\([0-9](?:, ?'[\w/]+')?\))$/;
const WRAPPED = /^(?:Array|Nullable)\((.*)\)$/;

function check(token: Token, before: Token | undefined): string | undefined {
  if (token.kind === 'quoted' && (token.text === '' || CONTROL.test(token.text)))
    return 'a quoted name must be printable and not empty';
  if (token.kind === 'string' && /AggregateFunction/i.test(token.text)) return 'states of aggregates are not read here';
  if (token.kind === 'string' && before?.kind === 'word' && before.to === token.from)
    return `${before.text}'…' is not understood here`;
  if (token.kind !== 'parameter') return undefined;
  const type = token.text.slice(token.text.indexOf(':') + 1, -1).trim();
  const inner = WRAPPED.exec(WRAPPED.exec(type)?.[1] ?? type)?.[1] ?? WRAPPED.exec(type)?.[1] ?? type;
  return PARAMETER_TYPE.test(inner) ? undefined : `a parameter of type ${type} is not taken`;
}

export const isSymbol = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'symbol' && token.text === text;

/** Keywords have no case. A quoted name is none. */
export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toUpperCase() === word;

export const isOneOf = (token: Token | undefined, words: readonly string[]): boolean =>
  token?.kind === 'word' && words.some((word) => word.toUpperCase() === token.text.toUpperCase());
