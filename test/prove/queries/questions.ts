import { attribution } from '../../../services/clickhouse/queries/attribution.ts';
import { chargeback, costsByTeam } from '../../../services/clickhouse/queries/costs.ts';
import { denied } from '../../../services/clickhouse/queries/operations.ts';
import type { NamedQuery } from '../../../services/clickhouse/queries/query.ts';
import { timeline } from '../../../services/clickhouse/queries/timeline.ts';
import { dayOf, PEOPLE, type Spread } from './fill.ts';

/** A question, asked of other things each time. */
export interface Timed {
  readonly name: string;
  /** Milliseconds that the 95th of a hundred may take. */
  readonly goalMs?: number;
  readonly sql: string;
  /** The same question on another way, which must answer the same. */
  readonly beside?: { readonly how: string; readonly sql: string };
  params(turn: number): Readonly<Record<string, unknown>>;
}

/** Ids and sessions that are stored, one for each turn. */
export interface Known {
  readonly ids: readonly string[];
  readonly sessions: readonly string[];
}

const NO_PROJECTION = { how: 'no projection', end: ' SETTINGS optimize_use_projections = 0' };
const NO_INDEX = { how: 'no skip index', end: ' SETTINGS use_skip_indexes = 0' };
const without = (sql: string, { how, end }: typeof NO_PROJECTION) => ({ how, sql: sql + end });

const BY_ID = 'SELECT * FROM audit.trail WHERE event_id = {id:UUID}';
const BY_SURFACE = `SELECT toStartOfDay(occurred_at) AS time, surface, count() AS events FROM audit.trail
WHERE occurred_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND occurred_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')
GROUP BY time, surface ORDER BY time, surface`;
const IN_COMMANDS = `SELECT count() AS commands, uniqExact(actor_email) AS people FROM audit.trail
WHERE action = 'shell.exec' AND position(command, {text:String}) > 0`;

const at = <T>(all: readonly T[], turn: number): T | undefined => all[turn % all.length];

/** `days` whole days up to the last one. */
const window = (spread: Spread, days: number) => ({
  from: dayOf(spread, Math.max(0, spread.days - days)),
  to: dayOf(spread, spread.days),
});

function rolledUp(query: NamedQuery, spread: Spread, goalMs?: number): Timed {
  const { name, sql, rolled = sql } = query;
  const bound = query.bind(window(spread, 30));
  return {
    name: `\`${name}\`, 30 days`,
    sql: rolled,
    ...(goalMs === undefined ? {} : { goalMs }),
    beside: { how: 'no rollup', sql },
    params: () => (bound.ok ? bound.params : {}),
  };
}

export function questions(spread: Spread, { ids, sessions }: Known): readonly Timed[] {
  const oneDay = (turn: number) => {
    const day = (turn * 7) % spread.days;
    return { from: dayOf(spread, day), to: dayOf(spread, day + 1) };
  };
  const person = (turn: number) => `person${(turn * 37 + 1) % (PEOPLE / 50)}@alderbrook.example`;
  return [
    {
      name: 'an event by its id, every column',
      goalMs: 50,
      sql: BY_ID,
      beside: without(BY_ID, NO_PROJECTION),
      params: (turn) => ({ id: at(ids, turn) }),
    },
    {
      name: '`timeline`, a person’s day',
      goalMs: 100,
      sql: timeline.sql,
      params: (turn) => ({ ...oneDay(turn), session: '', user: person(turn) }),
    },
    {
      name: '`timeline`, a session',
      sql: timeline.sql,
      beside: without(timeline.sql, NO_INDEX),
      params: (turn) => ({ from: '2010-01-01', to: '2140-01-01', user: '', session: at(sessions, turn) }),
    },
    rolledUp(costsByTeam, spread, 500),
    rolledUp(chargeback, spread, 500),
    rolledUp(attribution, spread, 500),
    { name: 'events by day and surface, 30 days', sql: BY_SURFACE, params: () => window(spread, 30) },
    { name: '`denied`, a week', sql: denied.sql, params: () => window(spread, 7) },
    {
      name: 'a word in all commands',
      sql: IN_COMMANDS,
      params: (turn) => ({ text: at(['kubectl', 'curl', 'git commit', 'invoice_1'], turn) }),
    },
    {
      name: 'which days are rolled up',
      sql: 'SELECT count() AS days, sum(rolled) AS rolled FROM audit.days',
      params: () => ({}),
    },
  ];
}
