import { expect, test } from 'vitest';
import { asSigned } from '../../services/clickhouse/as-signed.ts';
import type { Store } from '../../services/core/store.ts';

const VIEWS = [
  {
    name: 'trail',
    text: 'SELECT * FROM audit.events UNION ALL SELECT * FROM audit.events_held WHERE id IN audit.events_leaving',
  },
  { name: 'holds', text: 'SELECT * FROM audit.trail' },
  { name: 'coverage', text: 'SELECT * FROM audit.accounting AS a LEFT JOIN audit.events AS e ON 1' },
];

/** What is asked in the end. */
async function asked(sql: string, last: ReadonlyMap<number, number>): Promise<string> {
  let seen = '';
  const store: Store = {
    async rows(text) {
      seen = text;
      return text.includes('system.tables') ? VIEWS : [];
    },
    async text(text) {
      seen = text;
      return '';
    },
  };
  await (await asSigned(store, last)).rows(sql);
  return seen;
}

const heads = new Map([
  [0, 40],
  [3, 7],
]);
const bound =
  "additional_table_filters = {'audit.events': 'audit_partition = 0 AND audit_offset <= 40 OR audit_partition = 3 AND audit_offset <= 7', " +
  "'audit.events_held': 'audit_partition = 0 AND audit_offset <= 40 OR audit_partition = 3 AND audit_offset <= 7'}";

test('answers that are made of events end where the checkpoints do', async () => {
  expect(await asked('SELECT * FROM audit.holds', heads)).toBe(`SELECT * FROM audit.holds\nSETTINGS ${bound}`);
  const one = 'SELECT * FROM audit.trail SETTINGS max_threads = 1';
  expect(await asked(one, heads)).toBe(`${one}, ${bound}`);
});

test('nothing is signed, nothing is answered', async () => {
  expect(await asked('SELECT * FROM audit.events', new Map())).toContain("'audit.events': '0'");
});

test('what holds events against anything else is answered as things are', async () => {
  for (const sql of [
    'SELECT * FROM audit.coverage',
    'SELECT * FROM audit.trail, audit.quarantine',
    'DESCRIBE (SELECT * FROM audit.trail)',
  ])
    expect(await asked(sql, heads)).toBe(sql);
});
