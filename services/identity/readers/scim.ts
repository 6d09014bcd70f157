import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import { type Entry, filled, personEntry, type Sheet } from '../entry.ts';
import { faultOf, list, text } from './issue.ts';

/** RFC 7643, 4.3. */
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const reference = z.object({ value: text, display: text, type: text });
const flag = z.boolean('is no boolean').nullish();

const user = z.object({
  id: text,
  externalId: text,
  userName: text,
  displayName: text,
  name: z.object({ formatted: text, givenName: text, familyName: text }).nullish(),
  active: flag,
  emails: z.array(z.object({ value: text, primary: flag })).nullish(),
  groups: z.array(reference).nullish(),
  roles: z.array(reference).nullish(),
  [ENTERPRISE]: z.object({ department: text, organization: text, costCenter: text }).nullish(),
});
const group = z.object({ id: text, displayName: text, members: z.array(reference).nullish() });
const kinded = z.object({ schemas: list, members: z.unknown().optional() });

export const SCIM_FIELDS = [
  ...['id', 'externalId', 'userName', 'displayName', 'name', 'active', 'emails', 'groups', 'roles', 'members', 'value'],
  ...['primary', 'display', 'type', 'schemas', 'department', 'organization', 'costCenter', ENTERPRISE],
];

/** Users and groups as a ListResponse holds them (RFC 7644, 3.4.2), in any order. `total` is its totalResults. */
export function readScim(resources: readonly unknown[], total: number | undefined): Sheet {
  const entries: Entry[] = [];
  for (const [index, resource] of resources.entries()) {
    const entry = entryOf(resource, `[${index}]`);
    if (typeof entry === 'string') return { kind: 'unreadable', reason: `[${index}]: ${entry}` };
    entries.push(entry);
  }
  const missing = total !== undefined && total > resources.length;
  return { kind: 'read', entries, warnings: missing ? [`holds ${resources.length} of ${total} resources`] : [] };
}

function entryOf(resource: unknown, place: string): Entry | string {
  const kind = kinded.safeParse(resource);
  if (!kind.success) return faultOf(kind.error, SCIM_FIELDS);
  const isGroup = kind.data.schemas?.some((schema) => schema?.endsWith(':Group')) ?? kind.data.members !== undefined;
  return isGroup ? groupOf(resource, place) : personOf(resource, place);
}

function groupOf(resource: unknown, place: string): Entry | string {
  const parsed = group.safeParse(resource);
  if (!parsed.success) return faultOf(parsed.error, SCIM_FIELDS);
  const { id, displayName, members } = parsed.data;
  const [name] = filled([displayName, id]);
  if (name === undefined) return 'a group without id and displayName';
  const people = (members ?? []).filter(({ type }) => type?.toLowerCase() !== 'group');
  return { kind: 'group', place, name, members: filled(people.map(({ value }) => value)) };
}

function personOf(resource: unknown, place: string): Entry | string {
  const parsed = user.safeParse(resource);
  if (!parsed.success) return faultOf(parsed.error, SCIM_FIELDS);
  const { id, externalId, userName, displayName, name, active, emails, groups, roles } = parsed.data;
  const enterprise = parsed.data[ENTERPRISE];
  const inOrder = [...(emails ?? [])].sort((a, b) => Number(b.primary ?? false) - Number(a.primary ?? false));
  const addresses = filled([...inOrder.map(({ value }) => value), userName]).flatMap((each) => addressOf(each) ?? []);
  const [email = '', ...others] = addresses;
  if (email === '' && filled([id]).length === 0) return 'a user without an id and an address';
  const full = filled([name?.formatted, [name?.givenName, name?.familyName].filter(Boolean).join(' ')]);
  return personEntry({
    place,
    email,
    name: filled([displayName, ...full])[0] ?? '',
    subjects: filled([id]),
    ids: filled([externalId, userName, ...others]).filter((each) => each !== email),
    team: enterprise?.department ?? '',
    project: enterprise?.costCenter ?? '',
    organisation: enterprise?.organization ?? '',
    groups: filled([...(groups ?? []), ...(roles ?? [])].map(({ value, display }) => display ?? value)),
    status: active == null ? '' : active ? 'active' : 'deprovisioned',
  });
}
