/** The database of all our tables. */
export const DATABASE = 'audit';

/** What people may read: the views of the migrations. Tables are behind them. */
export const VIEWS: ReadonlySet<string> = new Set([
  ...['trail', 'coverage', 'quarantined', 'costs', 'resends', 'skipped'],
  ...['receipts', 'replayed', 'undelivered', 'lanes', 'event_deliveries'],
  ...['corrections', 'unattributed', 'reviews', 'phi_outputs', 'findings'],
  ...['holds', 'certificates', 'deleted', 'shelves'],
]);
