import { z } from 'zod';
import type { Answer, Asker, RevealOrder } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import type { Keys } from '../privacy/keys.ts';
import { unseal } from '../privacy/seal.ts';
import { record } from './acts.ts';
import { ALLOWED, mayAlone } from './allowance.ts';
import { type Operator, type Operators, operatorOf, type Role } from './operators.ts';

interface Parts {
  readonly store: Store;
  readonly log: Log;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly operators: Operators;
}

/** Analysts ask the views, which hold no content. */
export const MAY_REVEAL: readonly Role[] = ['auditor', 'administrator'];

/** What an attribute of an act may hold, in characters. */
const LONGEST = 1024;

/**
 * What an event holds: its content as it is kept, and where a seal keeps more, what stood there before people's data were masked.
 * Health data take two people: one allows it, the other is shown it. The act is on the trail before the answer leaves; so is
 * one that is turned down.
 */
export async function reveal(order: RevealOrder, token: string, asker: Asker, parts: Parts): Promise<Answer> {
  const operator = operatorOf(token, parts.operators);
  const refusal = refuse(order, operator, parts.operators);
  if (order.allow !== undefined) return allow(order, order.allow, operator, refusal, asker, parts);
  return show(order, operator, refusal ?? (await alone(order.event, operator, parts)), asker, parts);
}

/** Says that another operator may be shown an event. */
async function allow(
  { event, purpose }: RevealOrder,
  to: string,
  operator: Operator | undefined,
  refusal: string | undefined,
  asker: Asker,
  { log, clock }: Parts,
): Promise<Answer> {
  const act = {
    action: 'audit.act',
    outcome: refusal === undefined ? 'success' : 'denied',
    severity: 'medium',
    target: `event ${event.slice(0, 40)}`,
    asker,
    attributes: { what: ALLOWED, event: event.slice(0, 40), to: to.slice(0, 64), purpose: purpose.slice(0, LONGEST) },
    ...(operator === undefined ? {} : { operator: operator.name }),
  } as const;
  await record(act, log, clock);
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  return { kind: 'text', text: `${JSON.stringify({ event, allowed: to })}\n`, rows: 1 };
}

async function alone(event: string, operator: Operator | undefined, parts: Parts): Promise<string | undefined> {
  const name = operator?.name ?? '';
  if (await mayAlone(event, name, parts.store, parts.clock)) return undefined;
  return `it holds health data: another auditor or administrator allows it for a day with \`trailhouse reveal ${event} --allow ${name} --purpose …\``;
}

async function show(
  { event, purpose }: RevealOrder,
  operator: Operator | undefined,
  refusal: string | undefined,
  asker: Asker,
  parts: Parts,
): Promise<Answer> {
  const found = refusal === undefined ? await find(event, parts) : undefined;
  const original = found === undefined ? undefined : await opened(found, event, parts.keys);
  const act = {
    action: 'content.revealed',
    outcome: refusal !== undefined ? 'denied' : found === undefined ? 'failure' : 'success',
    severity: 'medium',
    target: `event ${event.slice(0, 40)}`,
    asker,
    attributes: { event: event.slice(0, 40), purpose: purpose.slice(0, LONGEST), original: original?.kind ?? 'none' },
    ...(operator === undefined ? {} : { operator: operator.name }),
  } as const;
  await record(act, parts.log, parts.clock);
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  if (found === undefined)
    return { kind: 'refused', reason: `nothing is kept of what ${event} holds: no content, or its time has run` };
  return { kind: 'text', text: `${JSON.stringify(shown(event, found, original))}\n`, rows: 1 };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function refuse(
  { event, purpose, allow }: RevealOrder,
  operator: Operator | undefined,
  operators: Operators,
): string | undefined {
  if (operator === undefined) return 'the token is no operator’s: operators are named in the configuration';
  if (!MAY_REVEAL.includes(operator.role))
    return `${operator.name} is an ${operator.role}: this takes ${MAY_REVEAL.join(' or ')}`;
  if (!UUID.test(event)) return `${event.slice(0, 40)} is no event id`;
  if (purpose.trim() === '') return '--purpose: say why it has to be seen';
  if (purpose.length > LONGEST) return `--purpose: is longer than ${LONGEST} characters`;
  return allow === undefined ? undefined : refuseTo(allow, operator, operators);
}

/** Two names with one address are one person. */
function refuseTo(allow: string, operator: Operator, operators: Operators): string | undefined {
  const other = Object.hasOwn(operators, allow) ? operators[allow] : undefined;
  if (other === undefined || !MAY_REVEAL.includes(other.role))
    return `--allow: ${allow.slice(0, 64)} is no operator who may be shown it`;
  const isSame = other.email !== undefined && other.email.toLowerCase() === operator.email?.toLowerCase();
  if (allow !== operator.name && !isSame) return undefined;
  return '--allow: nobody allows themselves; another operator has to';
}

const kept = z.object({ content: z.string(), sealed: z.string(), key_id: z.string() });
type Kept = z.output<typeof kept>;

/**
 * Content whose time has come shows no more, though its partition may still stand; what a hold keeps does. Content that the event does
 * not commit to was said under other settings, before a crash, and is none of its.
 */
const CONTENT = `SELECT c.content AS content, base64Encode(c.sealed) AS sealed, c.key_id AS key_id
FROM
(
  SELECT event_id, content, sealed, key_id, content_commitment FROM audit.content WHERE retain_until > now64(6)
  UNION ALL
  SELECT event_id, content, sealed, key_id, content_commitment FROM audit.content_held
) AS c
INNER JOIN (SELECT event_id, content_commitment FROM audit.trail WHERE event_id = {event:UUID}) AS t ON t.event_id = c.event_id
WHERE c.event_id = {event:UUID} AND (c.content_commitment IS NULL OR lower(hex(c.content_commitment)) = t.content_commitment)
LIMIT 1`;

async function find(event: string, { store }: Parts): Promise<Kept | undefined> {
  const [row] = await store.rows(CONTENT, { event });
  return row === undefined ? undefined : kept.parse(row);
}

type Original = { readonly kind: 'opened'; readonly value: unknown } | { readonly kind: 'gone' } | undefined;

async function opened({ sealed, key_id }: Kept, event: string, keys: Keys): Promise<Original> {
  if (key_id === '') return undefined;
  const key = await keys.find(key_id);
  const bytes = key === undefined ? undefined : unseal(key, Buffer.from(sealed, 'base64'), Buffer.from(event));
  return bytes === undefined ? { kind: 'gone' } : { kind: 'opened', value: JSON.parse(Buffer.from(bytes).toString()) };
}

function shown(event: string, { content }: Kept, original: Original): object {
  const masked = { event_id: event, content: JSON.parse(content) };
  if (original === undefined) return masked;
  return original.kind === 'opened'
    ? { ...masked, original: original.value }
    : { ...masked, original_gone: 'the key of the subject is not on this machine or was destroyed' };
}
