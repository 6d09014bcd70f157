/** What a dashboard is looked at with. */
export interface Looking {
  readonly from: Date;
  readonly to: Date;
  /** The stretch of time a point stands for. */
  readonly intervalSeconds: number;
  /** The choices by variable; All where a variable is missing. */
  readonly chosen: Readonly<Record<string, readonly string[]>>;
}

/**
 * What Grafana and its ClickHouse data source make of a panel's SQL before ClickHouse reads it: conditions of choices, then
 * variables, then macros, as the plugin's documentation (Query editor, Template variables) and Grafana's (Variable syntax)
 * have them. What is left for ClickHouse to stumble over is an error here.
 */
export function expand(sql: string, looking: Looking): string {
  const expanded = withMacros(withVariables(withConditions(sql, looking), looking), looking);
  const [left] = /\$\{?\w+/.exec(expanded) ?? [];
  if (left !== undefined) throw new Error(`${left} would reach ClickHouse`);
  return expanded;
}

const CONDITION = '$__conditionalAll(';

/** `1=1` stands for All, and for an empty choice as well. */
function withConditions(sql: string, looking: Looking): string {
  const at = sql.lastIndexOf(CONDITION);
  if (at === -1) return sql;
  const { args, end } = argumentsFrom(sql, at + CONDITION.length);
  const [condition = '', variable = ''] = args;
  const [, name] = /^\s*\$(\w+)\s*$/.exec(variable) ?? [];
  if (args.length !== 2 || name === undefined) throw new Error(`${CONDITION}… takes a condition and a plain variable`);
  const isAll = (looking.chosen[name] ?? []).join() === '';
  return withConditions(`${sql.slice(0, at)}${isAll ? '1=1' : condition}${sql.slice(end)}`, looking);
}

/** Splits at commas outside brackets, as the plugin does: it knows no quotes. */
function argumentsFrom(sql: string, start: number): { readonly args: readonly string[]; readonly end: number } {
  const args: string[] = [];
  let [depth, from] = [0, start];
  for (let at = start; at < sql.length; at++) {
    const symbol = sql[at];
    if (symbol === '(') depth++;
    if (depth === 0 && (symbol === ',' || symbol === ')')) {
      args.push(sql.slice(from, at));
      from = at + 1;
    }
    if (symbol === ')' && depth-- === 0) return { args, end: at + 1 };
  }
  throw new Error('a macro is not closed');
}

const VARIABLE = /\$\{(\w+)(?::(\w+))?\}|\$(?!__)(\w+)/g;

/** Grafana's format `singlequote`: each value in quotes, quotes within escaped by a backslash. */
const quoted = (value: string): string => `'${value.replaceAll("'", "\\'")}'`;

function withVariables(sql: string, { chosen }: Looking): string {
  return sql.replaceAll(VARIABLE, (whole, name: string | undefined, format: string | undefined) => {
    const values = name === undefined ? undefined : chosen[name];
    if (values === undefined || format !== 'singlequote') throw new Error(`${whole} is no list of chosen values`);
    return values.map(quoted).join(',');
  });
}

const MACRO = /\$__(\w+)(?:\(([^()]*)\))?/g;

function withMacros(sql: string, looking: Looking): string {
  return sql.replaceAll(MACRO, (whole, name: string, argument: string | undefined) => {
    const macro = MACROS[name];
    if (macro === undefined) throw new Error(`${whole} is no macro`);
    return macro(looking, argument);
  });
}

const seconds = (at: Date): string => `toDateTime(${Math.floor(at.getTime() / 1000)})`;
const milliseconds = (at: Date): string => `fromUnixTimestamp64Milli(${at.getTime()})`;

/** Those our panels use. */
const MACROS: Readonly<Record<string, (looking: Looking, column?: string) => string>> = {
  toTime: ({ to }) => seconds(to),
  timeFilter_ms: ({ from, to }, column) => `${column} >= ${milliseconds(from)} AND ${column} <= ${milliseconds(to)}`,
  timeInterval: ({ intervalSeconds }, column) =>
    `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSeconds} second)`,
};
