import { createHash } from 'node:crypto';

/** Alderbrook, a company that does not exist: the people of the demo day. Domains end in .example (RFC 2606). */

export type Team = 'platform' | 'payments' | 'data' | 'clinical' | 'web' | 'support';

/** A virtual key of the AI gateway, as LiteLLM keeps it: a name, and the SHA-256 of the key itself. */
export interface VirtualKey {
  readonly alias: string;
  readonly hash: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Id at the identity provider. */
  readonly subject: string;
  /** Id at the model vendor. */
  readonly account: string;
  readonly team: Team;
  readonly project: string;
  readonly role: string;
  readonly employment: 'employee' | 'contractor' | 'leaver';
  readonly key: VirtualKey;
  readonly address: string;
  readonly host: string;
  /** Random id of the Claude Code installation on that host. */
  readonly installation: string;
}

/** A program with a key of its own. */
export interface ServiceAccount {
  readonly team: Team;
  readonly project: string;
  readonly key: VirtualKey;
  readonly address: string;
}

/** Who is in a team, leads first, and the project the team's spending goes to. */
const TEAMS: readonly {
  readonly team: Team;
  readonly project: string;
  readonly role: string;
  readonly people: string;
}[] = [
  {
    team: 'platform',
    project: 'infrastructure',
    role: 'engineer',
    people: 'Priya Raman, Marco Bianchi, Elif Kaya, Sven Lindgren, Amara Okafor, Lucas Moreau',
  },
  {
    team: 'payments',
    project: 'checkout',
    role: 'engineer',
    people: 'Lena Fischer, Tomás Herrera, Aiko Tanaka, Mateo Silva, Julia Novak, Peter Hansen, Rosa Delgado',
  },
  {
    team: 'data',
    project: 'warehouse',
    role: 'analyst',
    people: 'Samuel Osei, Ingrid Solberg, Wei Zhang, Hana Sato, Oskar Lund, Nadia Rahman',
  },
  {
    team: 'clinical',
    project: 'care-notes',
    role: 'clinician',
    people: 'Noor Haddad, Ben Whitaker, Chloé Martin, Miriam Adler, Thomas Berg, Leila Farsi, Anton Weiss',
  },
  {
    team: 'web',
    project: 'storefront',
    role: 'engineer',
    people: 'Rahul Mehta, Zofia Nowak, Dmitri Volkov, Isla Murray, Felix Braun, Camila Reyes, Yusuf Demir',
  },
  {
    team: 'support',
    project: 'helpdesk',
    role: 'agent',
    people: 'Fatima Zahra, Jonas Weber, Grace Kim, Hannah Cole, Owen Price, Bella Rossi, Victor Lang',
  },
];

export const TEAM_NAMES: readonly Team[] = TEAMS.map(({ team }) => team);

const CONTRACTORS: readonly string[] = ['Nadia Rahman', 'Yusuf Demir'];
const LEAVER = 'Victor Lang';

const ROSTER = TEAMS.flatMap(({ people, role, ...shared }) =>
  people.split(', ').map((name, place) => ({ ...shared, name, role: place === 0 ? 'lead' : role })),
);

export const PEOPLE: readonly Person[] = ROSTER.map((entry, index) => person(entry, index));

function person({ name, team, project, role }: (typeof ROSTER)[number], index: number): Person {
  const plain = name
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase();
  const [first = plain] = plain.split(' ');
  const number = String(index + 1).padStart(2, '0');
  return {
    name,
    email: `${plain.replace(' ', '.')}@alderbrook.example`,
    subject: `00u7alderbrook${number}`,
    account: `00000000-0000-4000-8000-${number.padStart(12, '0')}`,
    team,
    project,
    role,
    employment: name === LEAVER ? 'leaver' : CONTRACTORS.includes(name) ? 'contractor' : 'employee',
    key: virtualKey(`${first}-${team}`),
    address: `192.0.2.${10 + index}`,
    host: `ab-${first}-01`,
    installation: digest(`installation ${plain}`),
  };
}

export function virtualKey(alias: string): VirtualKey {
  return { alias, hash: digest(`key ${alias}`) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A person by first name; the day's script names a few. */
export function named(first: string): Person {
  const found = PEOPLE.find(({ name }) => name.startsWith(`${first} `));
  if (found === undefined) throw new Error(`nobody is called ${first}`);
  return found;
}

export function byEmail(email: string): Person {
  const found = PEOPLE.find((person) => person.email === email);
  if (found === undefined) throw new Error(`nobody has the address ${email}`);
  return found;
}

export const inTeams = (...teams: readonly Team[]): readonly Person[] =>
  PEOPLE.filter(({ team, employment }) => teams.includes(team) && employment !== 'leaver');

/** Everybody who works that whole day. */
export const STAFF = inTeams(...TEAM_NAMES);

export const SERVICE_ACCOUNTS: readonly ServiceAccount[] = [
  { ...sharedBy('data'), key: virtualKey('svc-nightly-evaluation'), address: '192.0.2.201' },
  { ...sharedBy('support'), key: virtualKey('svc-helpdesk-triage'), address: '192.0.2.202' },
];

function sharedBy(team: Team) {
  return { team, project: TEAMS.find((one) => one.team === team)?.project ?? '' };
}

export const ORGANISATION = 'a1db0000-0000-4000-8000-00000000a1db';
