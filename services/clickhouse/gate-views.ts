/** The database of all our tables. */
export const DATABASE = 'audit';

/** What people may read: the views of the migrations. Tables are behind them. */
export const VIEWS: ReadonlySet<string> = new Set([
  ...['trail', 'coverage', 'quarantined', 'costs', 'resends', 'superseded', 'skipped', 'days', 'daily'],
  ...['receipts', 'replayed', 'undelivered', 'lanes', 'event_deliveries'],
  ...['corrections', 'unattributed', 'reviews', 'phi_outputs', 'findings'],
  ...['access_log', 'holds', 'certificates', 'deleted', 'shelves', 'waiting', 'retaining', 'erasures', 'checkpoints'],
]);

/**
 * Those an analyst may ask: what happened, and what became of it. Who reviewed what, what a hold keeps, what was deleted and who
 * asked the trail are for auditors and administrators; so is a view nobody has put here yet.
 */
export const ANALYST_VIEWS: ReadonlySet<string> = new Set([
  ...['trail', 'coverage', 'quarantined', 'costs', 'resends', 'superseded', 'skipped', 'days', 'daily'],
  ...['receipts', 'replayed', 'undelivered', 'lanes', 'event_deliveries'],
  ...['corrections', 'unattributed', 'findings'],
]);

/** What a question may name. */
export interface Allowed {
  readonly views: ReadonlySet<string>;
  /** Tables of the database `system`, and the subquery that is read instead of each. */
  readonly system: ReadonlyMap<string, string>;
  /** Functions that tell of the server, in lower case, and what is answered: literals of ClickHouse. */
  readonly about: ReadonlyMap<string, string>;
}

/** The views, and nothing of the server. */
export const VIEWS_ALONE: Allowed = { views: VIEWS, system: new Map(), about: new Map() };
