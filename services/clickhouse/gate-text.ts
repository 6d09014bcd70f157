import { isListed } from './gate-functions.ts';
import { isOneOf, isSymbol, isWord, lex, type Refusal, refuse, type Token } from './gate-lexer.ts';
import { sourcesIn } from './gate-sources.ts';
import { type Allowed, DATABASE } from './gate-views.ts';

/** A query that the first lock let pass. */
export interface Passed {
  readonly ok: true;
  /** As it came, without comments and closing semicolon, and with the database before the names of views. */
  readonly sql: string;
  /** The same with NULL for every parameter: ClickHouse's parser asks for their values otherwise. */
  readonly parsable: string;
  /** Names of the queries in the leading WITH, in order. */
  readonly named: readonly string[];
  /** Parameters and their types. */
  readonly parameters: ReadonlyMap<string, string>;
  /** WITH TOTALS: the answer has a part after its rows. */
  readonly totals: boolean;
}

/** In characters. A longer question is no person's and no dashboard's. */
const LONGEST = 100_000;

/** The first lock: lexical rules, and what may stand next to what. Whatever is not understood is refused. */
export function readText(sql: string, allowed: Allowed): Passed | Refusal {
  if (sql.length > LONGEST) return refuse(`a query is at most ${LONGEST} characters long`);
  const lexed = lex(sql);
  if (!lexed.ok) return lexed;
  const tokens = withoutEnd(lexed.tokens);
  const [first] = tokens;
  if (first === undefined) return refuse('the query is empty');
  if (!isOneOf(first, ['SELECT', 'WITH']) && !isSymbol(first, '(')) return refuse('a query begins with SELECT or WITH');

  const answers = answersIn(tokens, allowed);
  const aliases = new Set(tokens.flatMap(({ text }, index) => (isWord(tokens[index - 1], 'AS') ? [text] : [])));
  for (const [index, token] of tokens.entries()) {
    const named = answers.has(index) ? undefined : (called(tokens, index) ?? told(tokens, index, aliases, allowed));
    const fault = misplaced(tokens, index) ?? misused(tokens, index) ?? named;
    if (fault !== undefined) return refuse(fault, token.from);
  }
  const sources = sourcesIn(tokens, allowed);
  if (!sources.ok) return sources;

  const answered = written(sql, tokens, answers);
  const qualified = new Map([...sources.unqualified].map((index) => [index, `${DATABASE}.`]));
  const parsable = answered((token) => (token.kind === 'parameter' ? 'NULL' : undefined), qualified, new Map());
  return {
    ok: true,
    sql: answered(() => undefined, qualified, sources.system),
    parsable,
    named: sources.named,
    parameters: parametersIn(tokens),
    totals: tokens.some((token, index) => isWord(token, 'TOTALS') && isWord(tokens[index - 1], 'WITH')),
  };
}

/** The query as tokens and gaps. `instead` replaces a name with its database: three tokens. */
function written(sql: string, tokens: readonly Token[], answers: ReadonlyMap<number, string>) {
  return (
    parameter: (token: Token) => string | undefined,
    before: ReadonlyMap<number, string>,
    instead: ReadonlyMap<number, string>,
  ): string => {
    const replaced = new Map([...answers, ...instead]);
    return tokens
      .map((token, index) => {
        if (replaced.has(index - 1) || replaced.has(index - 2)) return '';
        const gap = tokens[index - 1]?.to === token.from ? '' : ' ';
        const text = replaced.get(index) ?? parameter(token) ?? sql.slice(token.from, token.to);
        return `${gap}${before.get(index) ?? ''}${text}`;
      })
      .join('')
      .trim();
  };
}

/** Calls without arguments that ask about the server. In a list of results the answer keeps the name it has with ClickHouse. */
function answersIn(tokens: readonly Token[], { about }: Allowed): ReadonlyMap<number, string> {
  const answers = new Map<number, string>();
  for (const [index, token] of tokens.entries()) {
    const answer = token.kind === 'word' ? about.get(token.text.toLowerCase()) : undefined;
    const isCall = isSymbol(tokens[index + 1], '(') && isSymbol(tokens[index + 2], ')');
    if (answer === undefined || !isCall || isSymbol(tokens[index - 1], '.')) continue;
    const [before, after] = [tokens[index - 1], tokens[index + 3]];
    const isResult =
      (isWord(before, 'SELECT') || isSymbol(before, ',')) &&
      (after === undefined || isSymbol(after, ',') || isOneOf(after, ['FROM', 'LIMIT', 'WHERE']));
    answers.set(index, isResult ? `${answer} AS "${token.text}()"` : answer);
  }
  return answers;
}

function parametersIn(tokens: readonly Token[]): ReadonlyMap<string, string> {
  return new Map(
    tokens
      .filter(({ kind }) => kind === 'parameter')
      .map(({ text }) => {
        const colon = text.indexOf(':');
        return [text.slice(1, colon).trim(), text.slice(colon + 1, -1).trim()];
      }),
  );
}

/** Semicolons that end the text separate nothing. */
function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  let end = tokens.length;
  while (isSymbol(tokens[end - 1], ';')) end--;
  return tokens.slice(0, end);
}

/** Clauses that write, choose settings or another form of answer, and second statements. */
function misplaced(tokens: readonly Token[], index: number): string | undefined {
  const [token, next, after] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (isSymbol(token, ';')) return 'one statement at a time';
  if (isSymbol(tokens[index - 1], '.')) return undefined;
  if (isWord(token, 'INTO') || isWord(token, 'OUTFILE')) return 'a question writes nothing (INTO)';
  if (isWord(token, 'SETTINGS') && next?.kind === 'word') return "settings are not the question's (SETTINGS)";
  if (isWord(token, 'FORMAT') && next?.kind === 'word' && !isOneOf(next, ['ASC', 'DESC']) && after === undefined)
    return "the output format is not the question's (FORMAT)";
  if (isWord(token, 'APPLY') && next?.kind === 'word' && !isWord(tokens[index - 1], 'AS')) return 'APPLY is not taken';
  if (isWord(token, 'PARALLEL') && isWord(next, 'WITH')) return 'one statement at a time (PARALLEL WITH)';
  if (isWord(token, 'RECURSIVE') && isWord(tokens[index - 1], 'WITH')) return 'WITH RECURSIVE is not taken';
  return undefined;
}

/** Words after which IN cannot be an operator, so that it is the name of a function. */
const BEFORE_OPERAND = [
  ...['SELECT', 'DISTINCT', 'WHERE', 'PREWHERE', 'HAVING', 'QUALIFY', 'ON', 'BY', 'AND', 'OR', 'WHEN', 'THEN', 'ELSE'],
  ...['CASE', 'WITH', 'LIMIT', 'OFFSET', 'AS', 'BETWEEN', 'LIKE', 'ILIKE', 'ALL'],
];

/** IN takes the name of a table where a list is expected: only what cannot be one may follow. */
function misused(tokens: readonly Token[], index: number): string | undefined {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (!isWord(token, 'IN') || isSymbol(before, '.')) return undefined;
  const operator =
    before !== undefined && !isOneOf(before, BEFORE_OPERAND) && (before.kind !== 'symbol' || /[)\]]/.test(before.text));
  if (!operator) return 'IN stands between a value and a list';
  if (isSymbol(next, '[') || next?.kind === 'parameter') return undefined;
  if (!isSymbol(next, '(')) return 'IN is followed by a list or a query in brackets';
  let end = index + 2;
  while (isSymbol(tokens[end], '(')) end++;
  if (tokens[end]?.kind !== 'word' && tokens[end]?.kind !== 'quoted') return undefined;
  while (isSymbol(tokens[end + 1], '.')) end += 2;
  return isSymbol(tokens[end + 1], ')') && !isOneOf(tokens[end], ['NULL', 'TRUE', 'FALSE'])
    ? 'IN (name) could be a table: write = or has()'
    : undefined;
}

/** Words that stand before a bracket and call nothing. */
const NO_CALL = [
  ...[
    'SELECT',
    'DISTINCT',
    'FROM',
    'JOIN',
    'ON',
    'USING',
    'WHERE',
    'PREWHERE',
    'HAVING',
    'QUALIFY',
    'AND',
    'OR',
    'NOT',
  ],
  ...[
    'IN',
    'AS',
    'BY',
    'OVER',
    'WHEN',
    'THEN',
    'ELSE',
    'CASE',
    'BETWEEN',
    'LIKE',
    'ILIKE',
    'ALL',
    'ANY',
    'SOME',
    'UNION',
  ],
  ...[
    'EXCEPT',
    'INTERSECT',
    'EXISTS',
    'LIMIT',
    'OFFSET',
    'WITH',
    'SETS',
    'ROLLUP',
    'CUBE',
    'FILTER',
    'INTERVAL',
    'DIV',
  ],
  ...['FILL', 'TO', 'STEP', 'INTERPOLATE'],
];

/** Spelt like functions, but ClickHouse's parser turns them into listed ones. */
const SPELT_AS_CALL = ['date_add', 'date_sub', 'dateAdd', 'dateSub', 'timestamp_add', 'timestamp_sub', 'untuple'];

/** Types with arguments, as they follow AS and `::`. */
const TYPES = [
  ...['Array', 'Map', 'Tuple', 'Nullable', 'LowCardinality', 'DateTime', 'DateTime64', 'FixedString'],
  ...['Decimal', 'Decimal32', 'Decimal64', 'Decimal128', 'Enum8', 'Enum16'],
];

function called(tokens: readonly Token[], index: number): string | undefined {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (token === undefined || !isSymbol(next, '(')) return undefined;
  if (token.kind === 'number') return 'a number calls nothing';
  if (token.kind === 'quoted') return isListed(token.text) ? undefined : `function ${shown(token)} is not listed`;
  if (token.kind !== 'word' || isListed(token.text)) return undefined;
  return isOneOf(token, [...NO_CALL, ...TYPES, ...SPELT_AS_CALL])
    ? undefined
    : `function ${shown(token)} is not listed`;
}

/** ClickHouse answers these without brackets. */
const ABOUT_THE_SERVER = /^(?:current_?user|session_user|user|current_?database|database|schema)$/i;

function told(
  tokens: readonly Token[],
  index: number,
  aliases: ReadonlySet<string>,
  { system }: Allowed,
): string | undefined {
  const [before, token] = [tokens[index - 1], tokens[index]];
  if (token?.kind !== 'word' && token?.kind !== 'quoted') return undefined;
  // A column of the catalogues. Without one it is the name of the engine's own, which is no secret.
  if (token.text === 'database' && system.size > 0) return undefined;
  if (!ABOUT_THE_SERVER.test(token.text) || isSymbol(before, '.') || isWord(before, 'AS')) return undefined;
  return aliases.has(token.text) ? undefined : `${shown(token)} would tell of the server`;
}

const shown = ({ text }: Token): string => (/^\w{1,64}$/.test(text) ? text : `(name of ${text.length} characters)`);
