import { createHmac } from 'node:crypto';
import type { Answer, Asker, EraseOrder } from '../../console/desk.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { eventId } from '../../core/origin.ts';
import type { Keys } from '../../privacy/keys.ts';
import { TOKEN_KEY } from '../../privacy/profile.ts';
import { record } from '../acts.ts';
import { OWN_TOPIC } from '../bindings.ts';
import { type Operator, type Operators, operatorOf } from '../operators.ts';
import { isNamed } from './naming.ts';

interface Parts {
  readonly log: Log;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly operators: Operators;
}

/** Erasure cannot be taken back. */
const MAY_ERASE: readonly string[] = ['administrator'];

const LONGEST = 200;

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;

/**
 * Puts an order to erase a person on the trail; the `erase` role carries it out. What stays on the trail for good names the subject
 * by a keyed token alone: the rest of the order is erased with everything else of theirs, when it is closed.
 */
export async function orderErasure(order: EraseOrder, token: string, asker: Asker, parts: Parts): Promise<Answer> {
  const operator = operatorOf(token, parts.operators);
  const refusal = refuse(order, operator);
  const subject = order.email.normalize('NFC').toLowerCase();
  const named = subject === '' ? { id: order.id } : { email: subject };
  const key = await parts.keys.get(TOKEN_KEY);
  const offset = await record(
    {
      action: 'erasure.ordered',
      outcome: refusal === undefined ? 'success' : 'denied',
      severity: 'high',
      target: 'erasure',
      asker,
      ...(refusal === undefined ? { subject: named } : {}),
      attributes: {
        operator: operator?.name ?? '',
        subject: subjectToken(subject === '' ? `id:${order.id}` : subject, key),
        ...(refusal === undefined ? { basis: order.basis, reference: order.reference } : {}),
      },
      ...(operator === undefined ? {} : { operator: operator.name }),
    },
    parts.log,
    parts.clock,
  );
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  const id = eventId({ epoch: 0, topic: OWN_TOPIC, partition: 0, offset, ordinal: 0 });
  return { kind: 'text', text: `${id}\n`, rows: 1 };
}

/** Who knows the address finds the order by it; nobody else learns the address from it. */
export const subjectToken = (subject: string, key: Uint8Array): string =>
  `tok_${createHmac('sha256', key).update(`erasure\0${subject}`).digest('base64url').slice(0, 22)}`;

function refuse({ email, id, basis, reference }: EraseOrder, operator: Operator | undefined): string | undefined {
  if (operator === undefined) return 'the token is no operator’s: operators are named in the configuration';
  if (!MAY_ERASE.includes(operator.role))
    return `${operator.name} is an ${operator.role}: this takes ${MAY_ERASE.join(' or ')}`;
  if ((email === '') === (id === '')) return '--subject: name one address, or one id as id:…';
  if (email !== '' && !EMAIL.test(email)) return '--subject: is no address; an id of an issuer is written id:…';
  if (basis.trim() === '') return '--basis: say on what ground, such as "GDPR 17(1)(b)"';
  if (basis.length > LONGEST || reference.length > LONGEST)
    return `--basis, --reference: at most ${LONGEST} characters`;
  const who = email === '' ? id : email;
  if ([basis, reference].some((text) => isNamed(who, text)))
    return '--basis, --reference: stay on the trail for good, and name the subject';
  return undefined;
}
