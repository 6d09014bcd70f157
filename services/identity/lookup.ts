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
    const exact = emails.get(email) ?? NONE;
    if (exact.kind !== 'none') return exact;
    const other = ids.get(email) ?? NONE;
    return other.kind === 'none' ? (folded.get(email.toLowerCase()) ?? NONE) : other;
  };
  const byId = (id: string): Found<Named> => {
    const key = keyed.get(id);
    const owner = key === undefined || key.owner === '' ? NONE : byEmail(key.owner);
    const address = addressOf(id);
    const person = address === undefined ? (ids.get(id) ?? NONE) : byEmail(address);
    if (person.kind === 'several' || owner.kind === 'several') return SEVERAL;
    if (person.kind === 'one' && owner.kind === 'one' && person.it !== owner.it) return SEVERAL;
    const one = person.kind === 'one' ? person : owner;
    if (one.kind === 'none' && key === undefined) return NONE;
    return { kind: 'one', it: { person: one.kind === 'one' ? one.it : undefined, key } };
  };

  for (const [what, map] of [
    ['ids', ids],
    ['devices', devices],
  ] as const) {
    const shared = [...map.values()].filter(({ kind }) => kind === 'several').length;
    if (shared > 0) warn(`${shared} ${what} stand for several people, and find nobody`);
  }
  return { byEmail, byId, byDevice: (id) => devices.get(id) ?? NONE };
}

const NONE = { kind: 'none' } as const;
const SEVERAL = { kind: 'several' } as const;

/** Who is found under a name: told here once, since each event asks. */
type Index = ReadonlyMap<string, Found<Person>>;

function collect(known: readonly Known[], by: (one: Known) => readonly string[]): Index {
  const map = new Map<string, Found<Person>>();
  for (const one of known)
    for (const id of by(one)) {
      const { person } = one;
      const before = map.get(id);
      if (id === '' || (before?.kind === 'one' && before.it === person)) continue;
      map.set(id, before === undefined ? { kind: 'one', it: person } : SEVERAL);
    }
  return map;
}
