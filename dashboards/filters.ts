import { PERSON } from '../services/clickhouse/queries/query.ts';

/** What the views leave empty. A word, because the plugin takes an empty choice for all of them. */
const NONE = '(none)';

/** A text, or the word for its absence. */
export const named = (column: string): string => `if(${column} = '', '${NONE}', ${column})`;

export const TEAM = named('actor_team');
export const PROJECT = named('actor_project');
export const SURFACE = named('surface');
export const PRODUCT = named('product');
export const MODEL = `multiIf(model_served != '', model_served, model_requested != '', model_requested, '${NONE}')`;
export const WHO = named(PERSON);

/** How many different people; nobody is none. */
export const people = (person: string = PERSON): string => `uniqExactIf(${person}, ${person} != '')`;

/** What a dashboard can be narrowed down to: variables, and what they are compared with. */
export const CHOICES = { team: TEAM, surface: SURFACE, product: PRODUCT, model: MODEL } as const;

/** Rows that fit every choice. The plugin leaves a condition out where All is chosen. */
export const CHOSEN = Object.entries(CHOICES)
  .map(([name, what]) => `$__conditionalAll(${what} IN (\${${name}:singlequote}), $${name})`)
  .join('\n  AND ');

/** The same within the time range. The views' times are finer than seconds: `$__timeFilter` would cut the last one. */
export const SHOWN = `$__timeFilter_ms(occurred_at)\n  AND ${CHOSEN}`;
