import { type PersonEntry, placesOf } from './entry.ts';

type Own = readonly PersonEntry[];

/**
 * Entries that are one person's. By address; those without one by a subject that entries with an address share. A
 * subject that several people have names none of them.
 */
export function gather(entries: Own, warnings: string[]): readonly Own[] {
  const addressed = [...grouped(entries, ({ email }) => email.toLowerCase())]
    .filter(([email]) => email !== '')
    .flatMap(([, own]) => spellings(own, warnings));
  const bySubject = new Map<string, Set<number>>();
  for (const [person, own] of addressed.entries())
    for (const subject of subjectsOf(own)) bySubject.set(subject, (bySubject.get(subject) ?? new Set()).add(person));

  const joined = addressed.map((own) => [...own]);
  const rest: PersonEntry[] = [];
  for (const entry of entries.filter(({ email }) => email === '')) {
    const people = new Set(entry.subjects.flatMap((subject) => [...(bySubject.get(subject) ?? [])]));
    const [only] = people;
    if (only === undefined) rest.push(entry);
    else if (people.size === 1) joined[only]?.push(entry);
    else warnings.push(`${entry.place}: has a subject of several people, and counts for none`);
  }
  const unaddressed = grouped(rest, ({ subjects }) => JSON.stringify([...subjects].sort()));
  return [...joined, ...unaddressed.values()];
}

/**
 * RFC 5321, 2.4: only the owner of a domain can say that its mailboxes ignore case. Spellings are one person's unless
 * names or subjects say that they are not.
 */
function spellings(own: Own, warnings: string[]): readonly Own[] {
  const spelt = [...grouped(own, ({ email }) => email).values()];
  if (spelt.length === 1 || !areDifferent(spelt)) return [own];
  warnings.push(`${placesOf(own)}: are different people whose addresses differ in case alone`);
  return spelt;
}

function areDifferent(spelt: readonly Own[]): boolean {
  const names = new Set(
    spelt.flatMap((own) => own.map(({ name }) => name.toLowerCase())).filter((name) => name !== ''),
  );
  if (names.size > 1) return true;
  const withSubjects = spelt.map((own) => new Set(subjectsOf(own))).filter(({ size }) => size > 0);
  return withSubjects.some((a) => withSubjects.some((b) => ![...a].some((subject) => b.has(subject))));
}

const subjectsOf = (own: Own): readonly string[] => own.flatMap(({ subjects }) => subjects);

function grouped(entries: Own, by: (entry: PersonEntry) => string): Map<string, PersonEntry[]> {
  const groups = new Map<string, PersonEntry[]>();
  for (const entry of entries) {
    const key = by(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}
