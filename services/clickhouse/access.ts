import { ANALYST_VIEWS, DATABASE, VIEWS } from './gate-views.ts';
import { type Migration, migrations } from './migrate.ts';
import { identifier } from './sql.ts';

/** Roles of a ClickHouse server for people who ask it directly, and the views each may read. */
export const SERVER_ROLES: Readonly<Record<string, ReadonlySet<string>>> = {
  trailhouse_analyst: ANALYST_VIEWS,
  trailhouse_auditor: VIEWS,
  trailhouse_administrator: VIEWS,
};

/** Of one person: far above what dashboards ask, far below what stops the archive. */
const QUOTA = 'FOR INTERVAL 1 minute MAX queries = 600, FOR INTERVAL 1 hour MAX execution_time = 1800';

/** The limits a question has when it is put to Trailhouse; nobody may widen them. */
const PROFILE = [
  'readonly = 2',
  'max_execution_time = 60 MIN 1 MAX 120',
  'max_memory_usage = 4294967296 MIN 1 MAX 4294967296',
  'max_result_rows = 1000000 MIN 1 MAX 1000000',
  'max_result_bytes = 134217728 MIN 1 MAX 134217728',
  "result_overflow_mode = 'throw' CONST",
].join(', ');

/**
 * SQL that lets people ask a ClickHouse server directly, and no more than views: roles, what they may read, limits, quotas, and a row
 * policy that shows the rows of tables to nobody but `owner`, the account Trailhouse itself has, whatever anybody is granted. Each
 * statement may run again. It takes an account that may manage access.
 */
export function accessStatements(owner: string, all: readonly Migration[] = migrations()): readonly string[] {
  const roles = Object.keys(SERVER_ROLES).join(', ');
  const account = identifier(owner);
  const tables = tablesOf(all).map((name) => `${DATABASE}.${name}`);
  return [
    ...Object.keys(SERVER_ROLES).map((role) => `CREATE ROLE IF NOT EXISTS ${role}`),
    ...[...VIEWS].map((view) => `ALTER TABLE ${DATABASE}.${view} MODIFY DEFINER = ${account} SQL SECURITY DEFINER`),
    ...Object.entries(SERVER_ROLES).map(([role, views]) => {
      const grants = [...views].map((view) => `SELECT ON ${DATABASE}.${view}`);
      return `GRANT ${grants.join(', ')} TO ${role} WITH REPLACE OPTION`;
    }),
    `CREATE ROW POLICY OR REPLACE trailhouse_alone ON ${tables.join(', ')} USING 0 TO ALL EXCEPT ${account}`,
    `CREATE SETTINGS PROFILE OR REPLACE trailhouse_reader SETTINGS ${PROFILE} TO ${roles}`,
    `CREATE QUOTA OR REPLACE trailhouse_questions KEYED BY user_name ${QUOTA} TO ${roles}`,
  ];
}

/** Every table the migrations ever make, and the one that records them. */
function tablesOf(all: readonly Migration[]): readonly string[] {
  const made = all.flatMap(({ sql }) => [...sql.matchAll(/^CREATE TABLE IF NOT EXISTS audit\.(\w+)/gm)]);
  return [...new Set(['migrations', ...made.map(([, name]) => name ?? '')])].sort();
}
