import { expect, test } from 'vitest';
import { begin } from '../../services/clickhouse/archive/progress.ts';
import type { Writer } from '../../services/clickhouse/client.ts';
import { TABLES } from '../../services/clickhouse/tables.ts';

/**
 * The group's offset outlives the store: after a store was replaced, a commit of the old one named a cut number that the
 * new one had journalled but not stored, and the cut was taken for stored.
 */
test('a commit of another cut with the same number does not settle a cut', async () => {
  const entry = { topic: 'audit.events', partition: 0, cut: 3, first: 30, next: 40, rows: 10, owner: 'a' };
  const writer: Writer = {
    rows: async (sql) =>
      sql.includes('FROM audit.journal') ? [{ ...entry, before_marks: '{}', after_marks: '{}' }] : [{ rows: 0 }],
    text: async () => '',
    run: async () => {},
    insert: async () => {},
  };
  const at = (offset: number) => ({
    topic: 'audit.events',
    partition: 0,
    start: 0,
    end: 90,
    committed: { offset, metadata: '3' },
  });
  expect(await begin(writer, TABLES['audit.events'], at(90))).toMatchObject({ next: 30, doubt: { entry } });
  expect(await begin(writer, TABLES['audit.events'], at(40))).toMatchObject({ next: 40, doubt: undefined });
});
