import type { Claims } from '../core/event.ts';
import { type Actor, attribute, type Ceiling } from './attribute.ts';
import type { Bindings } from './bindings.ts';
import { EMPTY_DIRECTORY } from './directory.ts';
import type { Directory, Found, Named, Person } from './person.ts';
import { type Told, toldOf } from './remember.ts';

/** Where an event took place. Times are microseconds since 1970. */
export interface Context {
  readonly session: string;
  readonly device: string;
  readonly host: string;
  /** When the log received it. */
  readonly at: number;
  readonly now: number;
}

export type Identify = (claims: Claims, ceiling: Ceiling, context: Context) => Actor;

/** What the rest of an attribution reads of bindings. */
export type Bound = Pick<Bindings, 'session' | 'device' | 'host'>;

/**
 * Claims to one actor. The directory fills what the claims left empty and replaces nothing; where no claim names anybody,
 * whose session or device it is does, as an inference. What stands for several people stands for nobody.
 */
export function openIdentity(directory: Directory, bindings: Bound): Identify {
  return (claims, ceiling, context) => {
    const { actor, isKnown } = toldOf(claims, ceiling, directory, tell);
    return !isKnown && namesNobody(actor) ? (inferred(actor, context, directory, bindings) ?? actor) : actor;
  };
}

function tell(claims: Claims, ceiling: Ceiling, directory: Directory): Told {
  const said = attribute(claims, ceiling);
  const named = nameOf(said, directory);
  return { actor: named === undefined ? said : filled(said, named), isKnown: named !== undefined };
}

/** Whom the claims name, in the directory; undefined where it knows nobody, or the claims name two people. */
function nameOf(said: Actor, directory: Directory): Named | undefined {
  const { actor_basis: basis, actor_email: email, actor_id: id } = said;
  if (basis === 'none' || basis === 'device' || basis === 'session_binding') return undefined;
  const byId: Found<Named> = id === '' ? { kind: 'none' } : directory.byId(id);
  if (email === '') return byId.kind === 'one' ? byId.it : undefined;
  const byEmail = directory.byEmail(email);
  const other = byId.kind === 'one' ? byId.it.person : undefined;
  if (byEmail.kind !== 'one' || byId.kind === 'several') return undefined;
  return other === undefined || other === byEmail.it ? { person: byEmail.it, key: undefined } : undefined;
}

/** A key that the claim did not rest on was named and not checked: its basis shows, its confidence stays the claim's. */
function filled(said: Actor, { person, key }: Named): Actor {
  const isKeyOnly = key !== undefined && said.actor_basis === 'account_id';
  return {
    ...said,
    actor_email: said.actor_email || (person?.email ?? ''),
    actor_name: said.actor_name || (person?.name ?? ''),
    actor_team: said.actor_team || key?.team || (person?.team ?? ''),
    actor_project: said.actor_project || key?.project || (person?.project ?? ''),
    actor_organisation: said.actor_organisation || (person?.organisation ?? ''),
    actor_groups: said.actor_groups.length > 0 ? said.actor_groups : (person?.groups ?? []),
    actor_basis: isKeyOnly ? 'gateway_key' : said.actor_basis,
  };
}

/** An id of a device names a thing. What services, agents and systems do in a person's session is not the person's doing. */
function namesNobody({ actor_basis, actor_email, actor_id, actor_name, actor_kind }: Actor): boolean {
  const isNobodysName = actor_email === '' && actor_name === '' && (actor_id === '' || actor_basis === 'device');
  return isNobodysName && (actor_kind === 'user' || actor_kind === 'device' || actor_kind === 'unknown');
}

function inferred(said: Actor, context: Context, directory: Directory, bindings: Bound): Actor | undefined {
  const session = bindings.session(context.session, context.now);
  if (session.kind === 'several') return undefined;
  const found = session.kind === 'one' ? session : deviceOf(said, context, directory, bindings);
  if (found.kind !== 'one') return undefined;
  const person = directory.byEmail(found.it);
  return {
    ...filled(
      { ...said, actor_email: found.it },
      { person: person.kind === 'one' ? person.it : undefined, key: undefined },
    ),
    actor_basis: session.kind === 'one' ? 'session_binding' : 'device',
    actor_confidence: 'inferred',
  };
}

/** All that the device, its installation and its host tell must be one person. */
function deviceOf(said: Actor, context: Context, directory: Directory, bindings: Bound): Found<string> {
  const ids = [context.device, said.actor_basis === 'device' ? said.actor_id : ''];
  const told = [
    ...ids.flatMap((id) => [address(directory.byDevice(id)), bindings.device(id, context)]),
    bindings.host(context.host, context),
  ];
  if (told.some(({ kind }) => kind === 'several')) return { kind: 'several' };
  const emails = new Set(told.flatMap((each) => (each.kind === 'one' ? [each.it] : [])));
  const [email] = emails;
  if (email === undefined) return { kind: 'none' };
  return emails.size === 1 ? { kind: 'one', it: email } : { kind: 'several' };
}

function address(found: Found<Person>): Found<string> {
  if (found.kind !== 'one') return found;
  return found.it.email === '' ? { kind: 'several' } : { kind: 'one', it: found.it.email };
}

const NONE = { kind: 'none' } as const;

/** Claims as they are said: nobody is in a directory, and nobody was seen anywhere. */
export const asSaid: Identify = openIdentity(EMPTY_DIRECTORY, {
  session: () => NONE,
  device: () => NONE,
  host: () => NONE,
});
