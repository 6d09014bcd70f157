import { byEmail, named, ORGANISATION, PEOPLE, type Person, SERVICE_ACCOUNTS, STAFF } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { DEPROVISIONED, ISSUED_KEY, OLD_KEY, PROVISIONED, REVOKED_KEY, ROTATED_KEY } from './script.ts';

/** What the identity provider says in the envelope: sign-ins, accounts that come and go, and the keys of the gateway. */
export function identity(day: number, random: Random): readonly Message[] {
  const at = ({ minute }: { readonly minute: number }): number => day + minute * MINUTE;
  return [
    ...STAFF.map((person) =>
      signIn(person, day + random.integer(403, 404) * MINUTE + random.integer(0, 59_999), random),
    ),
    act('user.provisioned', at(PROVISIONED), { subject: about(byEmail(PROVISIONED.email)) }, random),
    act('user.deprovisioned', at(DEPROVISIONED), { subject: about(byEmail(DEPROVISIONED.email)) }, random),
    act('key.issued', at(ISSUED_KEY), keyed(ISSUED_KEY.alias), random),
    // The gateway hands in, once a day, what it knows of keys that have no event of their own.
    written(
      day + MINUTE,
      { ...keyed(OLD_KEY.alias), action: 'key.issued', actor: actor(ADMINISTRATOR), time: issuedOn(day) },
      random,
    ),
    act('key.rotated', at(ROTATED_KEY), keyed(ROTATED_KEY.alias), random),
    act('key.revoked', at(REVOKED_KEY), keyed(REVOKED_KEY.alias), random),
  ];
}

/** Accounts and keys are administered by the platform team's lead. */
const ADMINISTRATOR = named('Priya');

function signIn(person: Person, at: number, random: Random): Message {
  const { address, host } = person;
  return written(at, { action: 'auth.login', actor: actor(person), client: { address, host } }, random);
}

function act(action: string, at: number, fields: object, random: Random): Message {
  return written(at, { action, actor: actor(ADMINISTRATOR), ...fields }, random);
}

function written(at: number, fields: object, random: Random): Message {
  const envelope = { trailhouse: 1, id: random.uuid(), time: iso(at), outcome: 'success', surface: 'admin' };
  return json('identity.events', at + 1_000, { ...envelope, product: { name: 'okta' }, ...fields });
}

const issuedOn = (day: number): string => iso(day - OLD_KEY.ageDays * 1440 * MINUTE);

const actor = ({ subject, email, name }: Person) => ({ kind: 'user', basis: 'idp', id: subject, email, name });

const about = ({ subject, email, name, team, project }: Person) => ({
  kind: 'user',
  id: subject,
  email,
  name,
  team,
  project,
  organisation: ORGANISATION,
});

/** A key by its name, and whom it belongs to. */
function keyed(alias: string): object {
  const account = SERVICE_ACCOUNTS.find(({ key }) => key.alias === alias);
  if (account !== undefined) {
    const { team, project } = account;
    const subject = { kind: 'service', id: alias, team, project, organisation: ORGANISATION };
    return { target: alias, subject };
  }
  const owner = PEOPLE.find(({ key }) => key.alias === alias);
  return owner === undefined ? {} : { target: alias, subject: about(owner) };
}
