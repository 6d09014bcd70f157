import { isDate } from '../dates.ts';

/** A question with a name: one parametrised SELECT over the views. */
export interface NamedQuery {
  readonly name: string;
  /** What it answers, as a sentence. */
  readonly title: string;
  /** Parameters and their defaults, for people: `from=, to=, product=claude-code`. */
  readonly usage: string;
  readonly sql: string;
  /** The same from `audit.daily`, for windows that are rolled up. */
  readonly rolled?: string | undefined;
  /** The values of all parameters; refused where one is unknown or missing. */
  bind(given: Readonly<Record<string, string>>): Bound;
}

export type Bound =
  | { readonly ok: true; readonly params: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: string };

/** Parameters are texts with a default; `undefined` stands for one that must be given. */
export function defineQuery(spec: {
  readonly name: string;
  readonly title: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly sql: string;
  readonly rolled?: string;
}): NamedQuery {
  const { name, title, params, sql, rolled } = spec;
  const usage = Object.entries(params)
    .map(([param, fallback]) => `${param}=${fallback ?? '(required)'}`)
    .join(' ');
  return {
    name,
    title,
    usage,
    sql,
    rolled,
    bind(given) {
      const unknown = Object.keys(given).find((param) => !Object.hasOwn(params, param));
      if (unknown !== undefined) return { ok: false, reason: `${name} has no parameter ${unknown}; it takes ${usage}` };
      const bound: Record<string, string> = {};
      for (const [param, fallback] of Object.entries(params)) {
        const value = given[param] ?? fallback;
        if (value === undefined) return { ok: false, reason: `${name} needs ${param}; it takes ${usage}` };
        if (Object.hasOwn(WINDOW, param) && !(TIME.test(value) && isDate(value)))
          return {
            ok: false,
            reason: `${param} is no time: write 2026-03-04, 2026-03-04 09:15 or 2026-03-04T09:15:00Z`,
          };
        if (param === 'limit' && !LIMIT.test(value))
          return { ok: false, reason: `limit is no number from 1 to 999999: ${value.slice(0, 40)}` };
        bound[param] = value;
      }
      return { ok: true, params: bound };
    },
  };
}

/** A date, a time of day, a zone; UTC without one. ClickHouse would read 01/02/2026 as well, but which day is that? */
const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

const LIMIT = /^[1-9]\d{0,5}$/;

/** A window in UTC: `from` counts, `to` does not. */
export const WINDOW = { from: '2010-01-01', to: '2140-01-01' } as const;

export const IN_WINDOW = `occurred_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC')
  AND occurred_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')`;

/** The same window for `audit.daily`, where it is of whole days. */
export const IN_DAYS = `day >= toDate(parseDateTime64BestEffort({from:String}, 6, 'UTC'))
  AND day < toDate(parseDateTime64BestEffort({to:String}, 6, 'UTC'))`;

/** Whom an act is put down to, for counting: many sources know an id and no address. */
export const PERSON = `if(actor_email = '', actor_id, actor_email)`;

/** Who it was where no address is known. */
export const NO_EMAIL = `if(actor_email != '', '', if(actor_id = '', actor_name, actor_id)) AS actor_without_email`;
