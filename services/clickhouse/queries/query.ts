/** A question with a name: one parametrised SELECT over the views. */
export interface NamedQuery {
  readonly name: string;
  /** What it answers, as a sentence. */
  readonly title: string;
  /** Parameters and their defaults, for people: `from=, to=, product=claude-code`. */
  readonly usage: string;
  readonly sql: string;
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
}): NamedQuery {
  const { name, title, params, sql } = spec;
  const usage = Object.entries(params)
    .map(([param, fallback]) => `${param}=${fallback ?? '(required)'}`)
    .join(' ');
  return {
    name,
    title,
    usage,
    sql,
    bind(given) {
      const unknown = Object.keys(given).find((param) => !Object.hasOwn(params, param));
      if (unknown !== undefined) return { ok: false, reason: `${name} has no parameter ${unknown}; it takes ${usage}` };
      const bound: Record<string, string> = {};
      for (const [param, fallback] of Object.entries(params)) {
        const value = given[param] ?? fallback;
        if (value === undefined) return { ok: false, reason: `${name} needs ${param}; it takes ${usage}` };
        bound[param] = value;
      }
      return { ok: true, params: bound };
    },
  };
}

/** A window in UTC: `from` counts, `to` does not. Times as people write them. */
export const WINDOW = { from: '2010-01-01', to: '2140-01-01' } as const;

export const IN_WINDOW = `occurred_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC')
  AND occurred_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')`;
