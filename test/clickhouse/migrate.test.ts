import { expect, test } from 'vitest';
import type { Writer } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';

const FILES = [
  { file: '0001_first.sql', sql: 'CREATE OR REPLACE VIEW v AS SELECT 1' },
  { file: '0002_second.sql', sql: 'CREATE OR REPLACE VIEW w AS SELECT 2' },
];

/** A store that refuses a statement while `refused` says so, and whose register is filled by whoever is told to. */
function store(refused: (sql: string, records: string[]) => boolean) {
  const records: string[] = [];
  const ran: string[] = [];
  const writer: Pick<Writer, 'rows' | 'run'> = {
    rows: async () => records.map((file) => ({ file, sha256: fingerprints.get(file) ?? '' })),
    async run(sql, params) {
      if (refused(sql, records)) throw new Error(`refused: ${sql}`);
      ran.push(sql);
      if (typeof params?.file === 'string') {
        fingerprints.set(params.file, String(params.sha256));
        records.push(params.file);
      }
    },
  };
  return { writer: { ...unused, ...writer }, records, ran };
}

const fingerprints = new Map<string, string>();
const pause = async () => {};
const unused = {
  text: () => Promise.reject(new Error('not asked')),
  insert: () => Promise.reject(new Error('not asked')),
};

test('begins again with its first file when another process, further on, is in its way', async () => {
  await migrate(store(() => false).writer, FILES);
  let met = 0;
  const { writer, ran } = store((sql, records) => {
    if (sql !== FILES[1]?.sql || ++met > 1) return false;
    records.push('0001_first.sql', '0002_second.sql');
    return true;
  });
  expect(await migrate(writer, FILES, pause)).toEqual(FILES.map(({ file }) => file));
  const views = ran.filter((sql) => sql.startsWith('CREATE OR REPLACE VIEW'));
  expect(views).toEqual([FILES[0]?.sql, FILES[0]?.sql, FILES[1]?.sql]);
});

test('ends at a statement that nobody else could run either', async () => {
  const { writer } = store((sql) => sql === FILES[1]?.sql);
  await expect(migrate(writer, FILES)).rejects.toThrow('refused: CREATE OR REPLACE VIEW w');
});

test('ends when another process stays in its way', async () => {
  const { writer } = store((sql, records) => {
    if (sql === FILES[1]?.sql) records.push('0002_second.sql');
    return sql === FILES[1]?.sql;
  });
  await expect(migrate(writer, FILES, pause)).rejects.toThrow('refused');
});
