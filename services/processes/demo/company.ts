/** Alderbrook, a company that does not exist: the people of the demo day. Domains end in .example (RFC 2606). */

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Id at the identity provider and at the model vendor. */
  readonly account: string;
  readonly team: string;
  readonly address: string;
  readonly host: string;
}

const ROSTER: readonly (readonly [string, string])[] = [
  ['Priya Raman', 'platform'],
  ['Marco Bianchi', 'platform'],
  ['Lena Fischer', 'payments'],
  ['Tomás Herrera', 'payments'],
  ['Aiko Tanaka', 'payments'],
  ['Samuel Osei', 'data'],
  ['Ingrid Solberg', 'data'],
  ['Noor Haddad', 'clinical'],
  ['Ben Whitaker', 'clinical'],
  ['Chloé Martin', 'clinical'],
  ['Rahul Mehta', 'web'],
  ['Zofia Nowak', 'web'],
  ['Dmitri Volkov', 'web'],
  ['Hannah Cole', 'legal'],
  ['Owen Price', 'legal'],
  ['Fatima Zahra', 'support'],
  ['Jonas Weber', 'support'],
  ['Grace Kim', 'support'],
];

export const PEOPLE: readonly Person[] = ROSTER.map(([name, team], index) => person(name, team, index));

function person(name: string, team: string, index: number): Person {
  const plain = name
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase();
  return {
    name,
    email: `${plain.replace(' ', '.')}@alderbrook.example`,
    account: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    team,
    address: `192.0.2.${10 + index}`,
    host: `ab-${plain.split(' ')[0]}-01`,
  };
}

/** A person by first name; the day's script names a few. */
export function named(first: string): Person {
  const found = PEOPLE.find(({ name }) => name.startsWith(`${first} `));
  if (found === undefined) throw new Error(`nobody is called ${first}`);
  return found;
}

/** People of the teams that write code. */
export const ENGINEERS = PEOPLE.filter(({ team }) => ['platform', 'payments', 'data', 'web'].includes(team));

export const ORGANISATION = 'a1db0000-0000-4000-8000-00000000a1db';
export const MODELS = ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-5'] as const;
