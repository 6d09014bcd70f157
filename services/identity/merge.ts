import {
  type Entry,
  type GroupEntry,
  type KeyEntry,
  type PersonEntry,
  personEntry,
  placesOf,
  sorted,
} from './entry.ts';
import { gather } from './gather.ts';
import { index } from './lookup.ts';
import type { Directory, Key, Known } from './person.ts';

/** What entries agree on. The order of files and rows changes nothing. */
export interface Merged {
  readonly directory: Directory;
  /** Contradictions by their places. */
  readonly warnings: readonly string[];
}

export function merge(entries: readonly Entry[]): Merged {
  const warnings: string[] = [];
  const people = entries.filter((entry) => entry.kind === 'person');
  const keys = keysOf(
    entries.filter((entry) => entry.kind === 'key'),
    warnings,
  );
  const gathered = gather([...people, ...keys.flatMap(ownerOf)], warnings);
  const groups = membership(entries.filter((entry) => entry.kind === 'group'));
  const known = gathered.map((own) => knownOf(own, groups, warnings));
  const directory = index(
    known,
    keys.map(({ key }) => key),
    (words) => warnings.push(words),
  );
  return { directory, warnings: [...new Set(warnings)].sort() };
}

function knownOf(
  own: readonly PersonEntry[],
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  warnings: string[],
): Known {
  const places = placesOf(own);
  const agreed = (field: 'name' | 'team' | 'project' | 'organisation'): string =>
    agree(own.map((entry) => entry[field])) ?? contradicted(field, places, warnings);
  const emails = sorted(own.map(({ email }) => email));
  const ids = sorted(own.flatMap((entry) => [...entry.subjects, ...entry.ids]));
  const inGroups = [...emails, ...ids].flatMap((id) => [...(groups.get(id) ?? [])]);
  const status = agree(own.map((entry) => entry.status));
  if (status === undefined) contradicted('status', places, warnings);
  return {
    person: {
      email: emails[0] ?? '',
      name: agreed('name'),
      team: agreed('team'),
      project: agreed('project'),
      organisation: agreed('organisation'),
      groups: sorted([...own.flatMap((entry) => entry.groups), ...inGroups]),
      status: status ?? '',
    },
    ids: [...ids, ...emails.slice(1)],
    devices: sorted(own.flatMap(({ devices }) => devices)),
  };
}

/** The one value that is said; empty where none is, undefined where two are. */
function agree<T extends string>(values: readonly T[]): T | '' | undefined {
  const said = new Set(values.filter((value) => value !== ''));
  if (said.size > 1) return undefined;
  return [...said][0] ?? '';
}

function contradicted(field: string, places: string, warnings: string[]): '' {
  warnings.push(`${places}: contradict each other about ${field}, which stays empty`);
  return '';
}

/** Groups by a member's subject, id or address. */
function membership(groups: readonly GroupEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name, members } of groups)
    for (const member of members) names.set(member, (names.get(member) ?? new Set()).add(name));
  return names;
}

interface PlacedKey {
  readonly key: Key;
  readonly place: string;
}

/** One key per alias and hash: a row without a hash is the same key as one with it. */
function keysOf(entries: readonly KeyEntry[], warnings: string[]): readonly PlacedKey[] {
  const byId = new Map<string, KeyEntry[]>();
  for (const entry of entries) for (const id of entry.ids) byId.set(id, [...(byId.get(id) ?? []), entry]);
  return [...byId].map(([id, own]) => {
    const places = placesOf(own);
    const agreed = (field: 'owner' | 'team' | 'project'): string =>
      agree(own.map((entry) => entry[field])) ?? contradicted(field, places, warnings);
    const issued = own.map(({ issuedAt }) => issuedAt).sort();
    // An alias outlives the keys it names: the newest counts.
    const key = { id, owner: agreed('owner'), team: agreed('team'), project: agreed('project') };
    return { key: { ...key, issuedAt: issued.at(-1) ?? '' }, place: places };
  });
}

/** Whoever owns a key is in the directory, if by the address alone. */
function ownerOf({ key, place }: PlacedKey): readonly PersonEntry[] {
  if (key.owner === '') return [];
  return [personEntry({ place, email: key.owner })];
}
