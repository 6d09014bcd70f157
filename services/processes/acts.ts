import { createHash, randomUUID } from 'node:crypto';
import type { Asker } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Action, Outcome, Severity } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { envelope } from '../formats/envelope/index.ts';
import { OWN_TOPIC } from './bindings.ts';
import { judge } from './ingest/judge.ts';
import { VERSION } from './version.ts';

/** Whom an act is about. Empty texts say nothing. */
export interface Subject {
  readonly claim?: string;
  readonly id?: string;
  readonly email?: string;
  readonly name?: string;
  readonly team?: string;
  readonly project?: string;
  readonly organisation?: string;
}

/** Something Trailhouse itself did, or was asked to do. */
export interface Act {
  readonly action: Action;
  /** Two acts of one id are one: the second counts as sent again. */
  readonly id?: string;
  readonly severity?: Severity;
  readonly policy?: string;
  readonly subject?: Subject;
  readonly outcome: Outcome;
  readonly target: string;
  readonly asker: Asker;
  /** Name of the operator whose token was shown; the asker is then the account it was shown from. */
  readonly operator?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Free text, such as the query: kept as content. */
  readonly content?: Readonly<Record<string, unknown>>;
}

/**
 * Own acts take the same way as everything else. Resolves to its raw offset once the act is durable; without it there is no
 * answer.
 */
export async function record(act: Act, log: Log, clock: Clock): Promise<number> {
  const { action, outcome, severity, policy, target, subject, asker, operator, attributes, content } = act;
  const message = {
    trailhouse: 1,
    id: act.id ?? randomUUID(),
    time: clock.now().toISOString(),
    surface: 'admin',
    product: { name: 'trailhouse', version: VERSION },
    action,
    outcome,
    severity,
    policy,
    target,
    subject,
    ...actorOf(act),
    client: { address: asker.address, user_agent: asker.userAgent },
    attributes: operator === undefined ? attributes : { ...attributes, account: asker.id },
    content,
  };
  const value = Buffer.from(JSON.stringify(message, legible));
  // One that ingest would put in quarantine is an act the trail does not show.
  const judged = judge(value, 'json', [envelope]);
  if (judged.kind !== 'accepted') throw new Error('an act does not fit the trail, so it is not answered');
  return log.append(OWN_TOPIC, 0, [{ value }]);
}

/** A token of ours names an operator as surely as a gateway's key does. An envelope's actor has to say something. */
function actorOf({ asker, operator }: Act): object {
  if (operator !== undefined) return { actor: { kind: 'user', id: operator, basis: 'gateway_key' } };
  return asker.id.trim() === '' ? {} : { actor: { kind: 'user', id: asker.id, basis: 'device' } };
}

/** Who asks where nobody does: a role of ours, by its name. */
export const ourselves = (role: string): Asker => ({ id: `trailhouse ${role}`, address: '', userAgent: '' });

/** The trail takes no NUL and no half of a surrogate pair; whoever asks may well send one. */
function legible(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\\0') : value;
}

/** Queries that ask the same are told by this. Whole: of a part, somebody could find two that are alike, and hide one. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
