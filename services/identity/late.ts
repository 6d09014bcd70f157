import type { Basis, Confidence } from '../core/event.ts';
import { isTold, isUnique } from './bindings.ts';
import type { Directory, Found, Person } from './person.ts';

/** Events without an address that one claim would resolve: `actor:` and an id, or `session:` and one. */
export interface Unresolved {
  readonly claim: string;
  readonly events: number;
  /** What the events' own claims rest on, each kind once: `device` alone, or what issuers vouch for. */
  readonly bases: readonly Basis[];
  /** The weakest of their own confidences, and a basis that goes with it. */
  readonly basis: Basis;
  readonly confidence: Confidence;
  /** Whether one of them states a name. */
  readonly named: boolean;
  /** Addresses of the people whom other events verify or claim in their sessions. */
  readonly people: readonly string[];
  /** The last correction of this claim; an empty address stands for nobody. */
  readonly corrected: { readonly email: string; readonly confidence: Confidence } | undefined;
}

export interface Correction {
  readonly claim: string;
  readonly email: string;
  readonly name: string;
  readonly team: string;
  readonly project: string;
  readonly organisation: string;
  readonly basis: Basis;
  readonly confidence: Confidence;
  readonly why: string;
  readonly events: number;
}

/**
 * What is known now and was not when the events came. A claim that was corrected is corrected again only to nobody, when a
 * second person appears, and stays so; and to less confidence, when an event of less joins it.
 */
export function corrections(unresolved: readonly Unresolved[], directory: Directory): readonly Correction[] {
  return unresolved.flatMap((group) => {
    const { corrected } = group;
    if (corrected?.email === '') return [];
    const answer = answerOf(group, directory);
    if (answer.kind === 'none' || (answer.kind === 'several' && corrected === undefined)) return [];
    if (answer.kind !== 'one') return [toNobody(group, 'more than one person fits')];
    if (corrected === undefined) return [toPerson(group, answer.it)];
    if (corrected.email !== answer.it.person.email) return [toNobody(group, 'another person than before fits')];
    return RANK[corrected.confidence] > RANK[confidenceOf(group)] ? [toPerson(group, answer.it)] : [];
  });
}

const RANK: Readonly<Record<Confidence, number>> = { none: 0, inferred: 1, claimed: 2, verified: 3 };

interface Answer {
  readonly person: Person;
  readonly why: string;
}

function answerOf(group: Unresolved, directory: Directory): Found<Answer> {
  const [kind, id] = split(group.claim);
  if (!isTold(id)) return { kind: 'none' };
  if (kind === 'session') {
    if (!isUnique(id)) return { kind: 'none' };
    // A session in which an event names somebody is not that of whoever else was seen in it.
    if (group.named) return { kind: 'several' };
    return because(
      onlyOne(group.people.map((email) => personOf(email, directory))),
      'one person is known in the session',
    );
  }
  if (group.bases.every((basis) => basis === 'device'))
    return because(
      onlyOne([...group.people.map((email) => personOf(email, directory)), directory.byDevice(id)]),
      'one person is known at the device and in its sessions',
    );
  const named = directory.byId(id);
  if (named.kind !== 'one') return named;
  const { person, key } = named.it;
  if (person === undefined || person.email === '') return { kind: 'none' };
  const it = { ...person, team: key?.team || person.team, project: key?.project || person.project };
  return { kind: 'one', it: { person: it, why: 'the directory knows the id' } };
}

function split(claim: string): readonly [string, string] {
  const colon = claim.indexOf(':');
  return [claim.slice(0, colon), claim.slice(colon + 1)];
}

/** Whoever has an address is somebody, in the directory or not. */
function personOf(email: string, directory: Directory): Found<Person> {
  const known = directory.byEmail(email);
  if (known.kind === 'one') return known;
  return { kind: 'one', it: { email, name: '', team: '', project: '', organisation: '', groups: [], status: '' } };
}

function onlyOne(all: readonly Found<Person>[]): Found<Person> {
  if (all.some(({ kind }) => kind === 'several')) return { kind: 'several' };
  const people = all.flatMap((found) => (found.kind === 'one' ? [found.it] : []));
  const [first] = people;
  if (first === undefined) return { kind: 'none' };
  const isOne = first.email !== '' && people.every(({ email }) => email === first.email);
  return isOne ? { kind: 'one', it: first } : { kind: 'several' };
}

const because = (found: Found<Person>, why: string): Found<Answer> =>
  found.kind === 'one' ? { kind: 'one', it: { person: found.it, why } } : found;

/** An id is as sure as it was; whose session it was is inferred. */
const confidenceOf = ({ claim, confidence }: Unresolved): Confidence =>
  split(claim)[0] === 'session' ? 'inferred' : confidence;

function toPerson(group: Unresolved, { person, why }: Answer): Correction {
  const { claim, events, basis } = group;
  const { email, name, team, project, organisation } = person;
  const confidence = confidenceOf(group);
  const rest = split(claim)[0] === 'session' ? 'session_binding' : basis;
  return { claim, email, name, team, project, organisation, basis: rest, confidence, why, events };
}

/** An inference made while events arrived, which a second person contradicts. */
export const takenBack = ({ claim, events }: Pick<Unresolved, 'claim' | 'events'>): Correction =>
  toNobody({ claim, events, basis: 'none', confidence: 'none' }, 'another person showed where one was inferred');

function toNobody(
  { claim, events, basis, confidence }: Pick<Unresolved, 'claim' | 'events' | 'basis' | 'confidence'>,
  why: string,
): Correction {
  return { claim, email: '', name: '', team: '', project: '', organisation: '', basis, confidence, why, events };
}
