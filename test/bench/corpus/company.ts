import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../../services/processes/demo/random.ts';

/** Who calls models through the gateway: by their own account, or by a key that was issued to them. */
export interface Caller {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly keyAlias: string;
  readonly keyHash: string;
  readonly team: string;
  readonly teamId: string;
}

export interface Company {
  readonly callers: readonly Caller[];
  /** Directory files, by name: people, and the map of virtual keys. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

const TENANTS = 300;
const PEOPLE = 50_000;

const FIRST =
  'Ada Bram Carla Dario Edda Farid Greta Hakim Ines Jonas Kira Leon Mara Nils Olga Pavel Quinn Rosa Sami Tilda'.split(
    ' ',
  );
const LAST =
  'Abel Bremer Castell Dorn Engel Falk Gerber Hoyer Ivers Jansen Keller Lind Moro Nowak Oster Petri Quast Reuter Sander Thiel'.split(
    ' ',
  );
const TEAMS = 'checkout claims billing search fraud mobile ledger support pricing routing onboarding archive'.split(
  ' ',
);

/** People of 300 tenants, each with one virtual key. */
export function company(people = PEOPLE): Company {
  const dice = random(3_000);
  const tenants = Array.from({ length: TENANTS }, (_, index) => ({
    team: `${dice.pick(TEAMS)}-${index}`,
    teamId: dice.uuid(),
  }));
  const callers = Array.from({ length: people }, (_, index): Caller => {
    const [first, last] = [dice.pick(FIRST), dice.pick(LAST)];
    const email = `${first}.${last}${index}@meridian.example`.toLowerCase();
    const key = { keyAlias: `key-${index}-${dice.hex(4)}`, keyHash: dice.hex(64) };
    return { userId: `u-${dice.hex(12)}`, email, name: `${first} ${last}`, ...key, ...dice.pick(tenants) };
  });
  return {
    callers,
    files: [
      { name: 'people.csv', text: sheet('email,name,subject,team,groups', callers.map(personRow)) },
      { name: 'keys.csv', text: sheet('key_alias,key_hash,owner_email,team', callers.map(keyRow)) },
    ],
  };
}

const personRow = ({ email, name, userId, team }: Caller): string => `${email},${name},${userId},${team},staff;${team}`;
const keyRow = ({ keyAlias, keyHash, email, team }: Caller): string => `${keyAlias},${keyHash},${email},${team}`;
const sheet = (head: string, rows: readonly string[]): string => `${head}\n${rows.join('\n')}\n`;

/** Writes the directory's files, and gives their paths. */
export const writtenTo = (folder: string, { files }: Company): readonly string[] =>
  files.map(({ name, text }) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
