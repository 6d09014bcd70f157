import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import type { Params } from '../client.ts';
import { quote } from '../sql.ts';
import { endSql, type Span } from './deadline.ts';
import { conditionSql, type PlacedHold } from './holds.ts';
import { CLAIMS_IN_USE, lasting } from './lasting.ts';
import { bindPart, inPart, micros, type Place, type Shelving } from './tables.ts';

/** What an event's class rests on, once corrections have told who it was. */
export interface Ground {
  readonly origin_topic: string;
  readonly format: string;
  readonly surface: string;
  readonly region: string;
  readonly actor_team: string;
  readonly actor_project: string;
  readonly data_classes: readonly string[];
}

/** How long the configuration keeps an event of a ground: until the last of the ends. */
export type SpansOf = (ground: Ground) => readonly Span[];

/** What keeps rows beyond their deadline. */
export interface Reasons {
  readonly holds: readonly PlacedHold[];
  readonly spansOf: SpansOf;
  /** What rules ask of each part of a ground. Events that differ in other values alone are kept alike. */
  readonly named: Readonly<Record<keyof Ground, readonly string[]>>;
  /** The clock of content, where it has one of its own. */
  readonly contentDays: number | undefined;
  /** Whether anything was learned late. */
  readonly isCorrected: boolean;
}

/** A SELECT of ids of rows. */
export interface Chosen {
  readonly sql: string;
  readonly params: Params;
}

/** Rows of a partition whose deadline lies at `by` or before, as `audit.trail` has events. */
export const candidates = (shelving: Shelving, table: string): string =>
  lasting(`SELECT event_id FROM ${table} WHERE ${inPart(shelving)} AND retain_until <= ${micros('by')}`);

/**
 * Who is kept of a partition of `table`, of rows whose deadline lies at `by` or before; undefined where nothing could keep any.
 * Times are microseconds since 1970.
 */
export async function keepers(
  store: Store,
  shelving: Shelving,
  table: string,
  place: Place,
  reasons: Reasons,
  { now, by }: { readonly now: number; readonly by: number },
): Promise<Chosen | undefined> {
  const params = { ...bindPart(place), now, by };
  const events = candidates(shelving, table);
  const isContent = shelving.table.startsWith('audit.content');
  const conditions = [
    ...(await acts(store, shelving, table, params, reasons)),
    ...(await Promise.all(reasons.holds.map(async (hold) => `(${await conditionSql(store, hold)})`))),
    ...(await longer(store, events, params, reasons, isContent)),
  ];
  if (conditions.length === 0) return undefined;
  return { sql: `SELECT trail.event_id FROM ${events} AS trail WHERE ${conditions.join(' OR ')}`, params };
}

/**
 * Acts that views are made of stay as long as what they speak of: certificates, orders to erase and checkpoints for good, the acts
 * of a hold while it is in force, a lift while the placing is stored, a correction while an event stands under its claim.
 */
async function acts(
  store: Store,
  shelving: Shelving,
  table: string,
  params: Params,
  { holds }: Reasons,
): Promise<readonly string[]> {
  const own = "origin_topic = 'trailhouse.events'";
  const found = await store.rows(`SELECT 1 FROM ${table} WHERE ${inPart(shelving)} AND ${own} LIMIT 1`, params);
  if (found.length === 0) return [];
  const active = `CAST([${holds.map(({ hold }) => quote(hold)).join(', ')}], 'Array(String)')`;
  return [
    `(trail.${own} AND trail.format = 'envelope' AND multiIf(
       trail.action IN ('retention.deleted', 'erasure.ordered', 'erasure.carried_out', 'ledger.checkpoint'), true,
       trail.action = 'hold.placed', has(${active}, toString(trail.event_id)),
       trail.action = 'hold.lifted', trail.attributes['attributes.hold'] IN (SELECT toString(hold) FROM audit.holds),
       trail.action = 'attribution.corrected', trail.personal_attributes['subject.claim'] IN (${CLAIMS_IN_USE}),
       false))`,
  ];
}

const ground = z.object({
  origin_topic: z.string(),
  format: z.string(),
  surface: z.string(),
  region: z.string(),
  actor_team: z.string(),
  actor_project: z.string(),
  data_classes: z.array(z.string()),
});

const TEXTS = ['origin_topic', 'format', 'surface', 'region', 'actor_team', 'actor_project'] as const;

/** A ground with what no rule names left out: sources choose many of the values, and a statement has an end. */
function columns(named: Reasons['named']): Readonly<Record<keyof Ground, string>> {
  const list = (name: keyof Ground) => `CAST([${named[name].map(quote).join(', ')}], 'Array(String)')`;
  const text = (name: (typeof TEXTS)[number]) =>
    `if(has(${list(name)}, CAST(trail.${name} AS String)), CAST(trail.${name} AS String), '')`;
  return {
    origin_topic: text('origin_topic'),
    format: text('format'),
    surface: text('surface'),
    region: text('region'),
    actor_team: text('actor_team'),
    actor_project: text('actor_project'),
    data_classes: `arraySort(arrayDistinct(arrayFilter(one -> has(${list('data_classes')}, one), trail.data_classes)))`,
  };
}

/** What the clocks of an event begin at. */
const START = 'greatest(trail.occurred_at, trail.received_at)';

/** A correction may have told a team or project that is kept longer: conditions of the rows this is so for. */
async function longer(
  store: Store,
  events: string,
  params: Params,
  { spansOf, named, contentDays, isCorrected }: Reasons,
  isContent: boolean,
): Promise<readonly string[]> {
  if (!isCorrected) return [];
  const all = columns(named);
  const rows = await store.rows(
    `SELECT ${Object.entries(all)
      .map(([name, column]) => `${column} AS ${name}`)
      .join(', ')} FROM ${events} AS trail
     WHERE toString(trail.corrected_by) NOT IN ('', '00000000-0000-0000-0000-000000000000') GROUP BY ALL`,
    params,
  );
  return rows.map((row) => {
    const basis = ground.parse(row);
    const ends = spansOf(basis).map((span) => endSql(span, START));
    const end = `greatest(${ends.join(', ')}, trail.retain_until)`;
    const until =
      isContent && contentDays !== undefined ? `least(${end}, ${endSql({ days: contentDays }, START)})` : end;
    return `(${fits(basis, all)} AND ${until} > ${micros('now')})`;
  });
}

function fits(basis: Ground, all: ReturnType<typeof columns>): string {
  const list = `CAST([${basis.data_classes.map(quote).join(', ')}], 'Array(String)')`;
  return [...TEXTS.map((name) => `${all[name]} = ${quote(basis[name])}`), `${all.data_classes} = ${list}`].join(
    ' AND ',
  );
}
