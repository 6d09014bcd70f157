import { addressOf } from './attribute.ts';
import type { Directory, Found, Key, Known, Named, Person } from './person.ts';

/** Finds people by everything they are known by. What stands for several people is told to `warn` and finds nobody. */
export function index(known: readonly Known[], keys: readonly Key[], warn: (words: string) => void): Directory {
  const emails = collect(known, ({ person }) => [person.email]);
  const folded = collect(known, ({ person }) => [person.email.toLowerCase()]);
  const ids = collect(known, ({ ids }) => ids);
  const devices = collect(known, ({ devices }) => devices);
  const keyed = new Map(keys.map((key) => [key.id, key] as const));

  const byEmail = (email: string): Found<Person> => {
    const exact = found(emails.get(email));
    if (exact.kind !== 'none') return exact;
    const other = found(ids.get(email));
    return other.kind === 'none' ? found(folded.get(email.toLowerCase())) : other;
  };
  const byId = (id: string): Found<Named> => {
    const key = keyed.get(id);
    const owner = key === undefined || key.owner === '' ? undefined : byEmail(key.owner);
    const person = addressOf(id) === undefined ? found(ids.get(id)) : byEmail(addressOf(id) ?? id);
    if (person.kind === 'several' || owner?.kind === 'several') return { kind: 'several' };
    const people = [person, owner].flatMap((each) => (each?.kind === 'one' ? [each.it] : []));
    if (new Set(people).size > 1) return { kind: 'several' };
    return people.length === 0 && key === undefined
      ? { kind: 'none' }
      : { kind: 'one', it: { person: people[0], key } };
  };

  for (const [what, map] of [
    ['ids', ids],
    ['devices', devices],
  ] as const) {
    const shared = [...map.values()].filter((people) => people.size > 1).length;
    if (shared > 0) warn(`${shared} ${what} stand for several people, and find nobody`);
  }
  return { byEmail, byId, byDevice: (id) => found(devices.get(id)) };
}

type Index = ReadonlyMap<string, ReadonlySet<Person>>;

function collect(known: readonly Known[], by: (one: Known) => readonly string[]): Index {
  const map = new Map<string, Set<Person>>();
  for (const one of known)
    for (const id of by(one)) if (id !== '') map.set(id, (map.get(id) ?? new Set()).add(one.person));
  return map;
}

function found(people: ReadonlySet<Person> | undefined): Found<Person> {
  const [only] = people ?? [];
  if (only === undefined) return { kind: 'none' };
  return people?.size === 1 ? { kind: 'one', it: only } : { kind: 'several' };
}
