import { ORGANISATION, PEOPLE, type Person, SERVICE_ACCOUNTS, TEAM_NAMES } from './company.ts';
import { ISSUED_KEY, OLD_KEY } from './script.ts';

/** What Alderbrook's identity provider and its AI gateway know about people, as files to attribute events by. */

const active = ({ employment }: Person): boolean => employment !== 'leaver';
const groupsOf = ({ team, employment }: Person): readonly string[] =>
  employment === 'contractor' ? [team, 'contractors'] : [team];

/** SCIM 2.0 users and groups (RFC 7643) in one list response. */
export function directoryJson(): string {
  const users = PEOPLE.map((person) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    id: person.subject,
    externalId: person.account,
    userName: person.email,
    displayName: person.name,
    active: active(person),
    emails: [{ value: person.email, type: 'work', primary: true }],
    groups: groupsOf(person).map((value) => ({ value, display: value })),
    roles: [{ value: person.role, primary: true }],
    [ENTERPRISE]: { organization: ORGANISATION, department: person.team, costCenter: person.project },
  }));
  const groups = [...TEAM_NAMES, 'contractors'].map((id) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    id,
    displayName: id,
    members: PEOPLE.filter((person) => groupsOf(person).includes(id)).map(({ subject, email }) => ({
      value: subject,
      display: email,
    })),
  }));
  const Resources = [...users, ...groups];
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return `${JSON.stringify({ schemas, totalResults: Resources.length, Resources }, null, 2)}\n`;
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export function directoryCsv(): string {
  const header = 'email,name,subject,account_id,team,project,organisation,groups,roles,status';
  const rows = PEOPLE.map((person) => {
    const { email, name, subject, account, team, project, role } = person;
    const status = active(person) ? 'active' : 'inactive';
    return [email, name, subject, account, team, project, ORGANISATION, groupsOf(person).join(';'), role, status];
  });
  return csv(header, rows);
}

/** The map of virtual keys: whose each is, and the day it was issued. `day` is the demo day's midnight. */
export function keysCsv(day: number): string {
  const header = 'key_alias,key_hash,owner_email,team,project,issued_at';
  const people = PEOPLE.map(({ key, email, team, project }) => ({ key, email, team, project }));
  // A program's key names no person: what it does is nobody's but the team's.
  const services = SERVICE_ACCOUNTS.map(({ key, team, project }) => ({ key, email: '', team, project }));
  const rows = [...people, ...services].map(({ key, email, team, project }) => {
    const issued = new Date(day - ageOf(key.alias) * DAY_MS).toISOString();
    return [key.alias, key.hash, email, team, project, issued];
  });
  return csv(header, rows);
}

const DAY_MS = 86_400_000;

/** In days. Keys are replaced every quarter, but for one. */
function ageOf(alias: string): number {
  if (alias === OLD_KEY.alias) return OLD_KEY.ageDays;
  return alias === ISSUED_KEY.alias ? 0 : 41;
}

/** No field of Alderbrook's holds a comma, a quote or a line break. */
function csv(header: string, rows: readonly (readonly string[])[]): string {
  return [header, ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join('');
}
