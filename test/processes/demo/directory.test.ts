import { expect, test } from 'vitest';
import { readDirectory } from '../../../services/identity/directory.ts';
import { named, PEOPLE, SERVICE_ACCOUNTS, TEAM_NAMES } from '../../../services/processes/demo/company.ts';
import { directoryCsv, directoryJson, keysCsv } from '../../../services/processes/demo/directory.ts';
import { DEPROVISIONED, ISSUED_KEY, OLD_KEY } from '../../../services/processes/demo/script.ts';

const DAY = Date.UTC(2026, 5, 1);
const rowsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

test('forty people in six teams, two of them contractors, one leaving', () => {
  expect(PEOPLE).toHaveLength(40);
  expect(TEAM_NAMES).toHaveLength(6);
  expect(new Set(PEOPLE.map(({ team }) => team))).toEqual(new Set(TEAM_NAMES));
  const by = (employment: string) => PEOPLE.filter((person) => person.employment === employment);
  expect([by('employee').length, by('contractor').length, by('leaver').length]).toEqual([37, 2, 1]);
  expect(by('leaver')[0]?.email).toBe(DEPROVISIONED.email);
});

test('nobody shares what tells them apart', () => {
  for (const name of ['email', 'subject', 'account', 'address', 'host', 'installation'] as const)
    expect(new Set(PEOPLE.map((person) => person[name])).size, name).toBe(40);
  const keys = [...PEOPLE, ...SERVICE_ACCOUNTS].map(({ key }) => key);
  expect(new Set(keys.map(({ alias }) => alias)).size).toBe(42);
  expect(new Set(keys.map(({ hash }) => hash)).size).toBe(42);
  for (const { email } of PEOPLE) expect(email).toMatch(/^[a-z]+\.[a-z]+@alderbrook\.example$/);
});

test('the directory as SCIM: users with their groups, groups with their members', () => {
  const { totalResults, Resources } = JSON.parse(directoryJson());
  expect(totalResults).toBe(Resources.length);
  const users = Resources.filter((one: { userName?: string }) => one.userName !== undefined);
  expect(users).toHaveLength(40);
  expect(users.filter(({ active }: { active: boolean }) => !active)).toHaveLength(1);
  const contractors = Resources.find((one: { displayName: string }) => one.displayName === 'contractors');
  expect(contractors.members).toHaveLength(2);
});

test('the directory as CSV: a row a person', () => {
  const [header, ...rows] = rowsOf(directoryCsv());
  expect(header?.join()).toBe('email,name,subject,account_id,team,project,organisation,groups,roles,status');
  expect(rows).toHaveLength(40);
  expect(rows.every((row) => row.length === header?.length)).toBe(true);
  const { email, name, subject, account } = named('Tomás');
  expect(rows.find(([first]) => first === email)?.slice(0, 6)).toEqual([
    email,
    name,
    subject,
    account,
    'payments',
    'checkout',
  ]);
  expect(rows.filter((row) => row.at(-1) === 'inactive').map(([first]) => first)).toEqual([DEPROVISIONED.email]);
});

test('the directory is read without a warning, as SCIM and as CSV', () => {
  const keys = { name: 'keys.csv', text: keysCsv(DAY) };
  for (const people of [
    { name: 'people.json', text: directoryJson() },
    { name: 'people.csv', text: directoryCsv() },
  ])
    expect(readDirectory([people, keys])).toMatchObject({ kind: 'read', warnings: [] });
});

test('the map of keys: one a person and a service account, and one of them old', () => {
  const [header, ...rows] = rowsOf(keysCsv(DAY));
  expect(header?.join()).toBe('key_alias,key_hash,owner_email,team,project,issued_at');
  expect(rows).toHaveLength(42);
  const age = (row: readonly string[]): number => (DAY - Date.parse(row[5] ?? '')) / 86_400_000;
  expect(rows.filter((row) => age(row) > 90).map(([alias]) => alias)).toEqual([OLD_KEY.alias]);
  expect(rows.filter((row) => age(row) === 0).map(([alias]) => alias)).toEqual([ISSUED_KEY.alias]);
});
