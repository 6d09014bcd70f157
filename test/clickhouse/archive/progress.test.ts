import { expect, test } from 'vitest';
import type { Entry } from '../../../services/clickhouse/archive/journal.ts';
import { after, settledBy } from '../../../services/clickhouse/archive/progress.ts';

const entry: Entry = {
  topic: 'audit.events',
  partition: 0,
  cut: 4,
  first: 20,
  next: 28,
  rows: 8,
  before: new Map([['0/gateway.events/0', { offset: 6, ordinal: 0 }]]),
  after: new Map([['0/gateway.events/0', { offset: 9, ordinal: 1 }]]),
  owner: 'archive-1/audit.events/4',
};

test('a cut that is stored is committed with the batch', () => {
  expect(settledBy(after(entry))).toEqual({ metadata: '4' });
  expect(after(entry)).toMatchObject({ cut: 4, next: 28, taken: entry.after, doubt: undefined });
});

test('of a cut in doubt nothing is committed, however much of it was read again', () => {
  const doubt = { entry, records: [] };
  for (const next of [20, 24, 28])
    expect(settledBy({ cut: 4, next, taken: entry.before, doubt })).toEqual({ metadata: '3', offset: 20 });
});
