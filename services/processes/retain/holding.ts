import { conditionDigest, whyNoHold } from '../../clickhouse/retention/holds.ts';
import type { Answer, Asker, HoldOrder } from '../../console/desk.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { eventId } from '../../core/origin.ts';
import type { Store } from '../../core/store.ts';
import type { PrivacyConfig } from '../../privacy/config.ts';
import { CREDENTIALS, openMask } from '../../privacy/mask.ts';
import { peopleDetectors } from '../../privacy/people.ts';
import { record } from '../acts.ts';
import { OWN_TOPIC } from '../bindings.ts';
import { type Operator, type Operators, operatorOf } from '../operators.ts';

interface Parts {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly operators: Operators;
  readonly privacy: PrivacyConfig;
  /** Raw topics of the configuration. */
  readonly topics: readonly string[];
}

/** What an attribute of an act may hold, in characters. */
const LONGEST = 1024;

/** What ingest would mask of an attribute; undefined for nothing. */
function masked(text: string, privacy: PrivacyConfig): string | undefined {
  const mask = openMask([...CREDENTIALS, ...peopleDetectors(privacy).columns], () => '');
  return mask(text, '').found[0];
}

/** Analysts ask; they do not decide what is kept. */
const MAY_HOLD: readonly string[] = ['auditor', 'administrator'];

/**
 * Places or lifts a legal hold. The act is the hold: it takes effect once it is stored, and its event id names it. What is turned
 * down is on the trail as well.
 */
export async function hold(order: HoldOrder, token: string, asker: Asker, parts: Parts): Promise<Answer> {
  const operator = operatorOf(token, parts.operators);
  const refusal = await refuse(order, operator, parts);
  const what = order.order === 'place' ? placing(order) : { hold: order.hold.slice(0, 40), reason: cut(order.reason) };
  const offset = await record(
    {
      action: order.order === 'place' ? 'hold.placed' : 'hold.lifted',
      outcome: refusal === undefined ? 'success' : 'denied',
      severity: 'medium',
      target: order.order === 'place' ? 'legal hold' : `legal hold ${order.hold.slice(0, 40)}`,
      asker,
      attributes: { ...what, operator: operator?.name ?? '' },
      ...(operator === undefined ? {} : { operator: operator.name }),
    },
    parts.log,
    parts.clock,
  );
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  const id = order.order === 'place' ? actId(offset) : order.hold;
  return { kind: 'text', text: `${id}\n`, rows: 1 };
}

const actId = (offset: number): string => eventId({ epoch: 0, topic: OWN_TOPIC, partition: 0, offset, ordinal: 0 });

const cut = (text: string): string => text.slice(0, LONGEST);

function placing({ where, from, to, reason, quarantine }: HoldOrder & { order: 'place' }) {
  const hold = { condition: cut(where), occurred_from: cut(from), occurred_to: cut(to), quarantine: cut(quarantine) };
  return { reason: cut(reason), ...hold, condition_digest: conditionDigest(hold) };
}

async function refuse(order: HoldOrder, operator: Operator | undefined, parts: Parts): Promise<string | undefined> {
  if (operator === undefined) return 'the token is no operator’s: operators are named in the configuration';
  if (!MAY_HOLD.includes(operator.role))
    return `${operator.name} is an ${operator.role}: holds take ${MAY_HOLD.join(' or ')}`;
  if (order.reason.trim() === '') return '--reason: say why';
  if (order.reason.length > LONGEST) return `--reason: is longer than ${LONGEST} characters`;
  return order.order === 'place' ? refusePlacing(order, parts) : refuseLifting(order, operator, parts);
}

async function refusePlacing(
  { where, from, to, quarantine }: HoldOrder & { order: 'place' },
  { store, privacy, topics }: Parts,
): Promise<string | undefined> {
  if (where.length > LONGEST)
    return `--where: is longer than ${LONGEST} characters, and a hold stands on the trail in full; place several`;
  const kind = masked(where, privacy);
  if (kind !== undefined)
    return `--where: holds what looks like a credential or people's data (${kind}) and would be masked on its way to the trail`;
  if (quarantine !== '' && quarantine !== '*' && !topics.includes(quarantine))
    return `--quarantine: there is no raw topic ${quarantine.slice(0, 64)}; there are ${topics.join(', ')}, and * for all`;
  const reason = await whyNoHold(store, { condition: where, occurred_from: from, occurred_to: to, quarantine });
  return reason === undefined ? undefined : `--where, --from, --to: ${reason}`;
}

async function refuseLifting(
  { hold: id }: HoldOrder & { order: 'lift' },
  operator: Operator,
  { store }: Parts,
): Promise<string | undefined> {
  const [found] = await store.rows('SELECT active, placed_by FROM audit.holds WHERE toString(hold) = {id:String}', {
    id,
  });
  if (found === undefined) return 'no stored hold has this id: `retention holds` lists them';
  if (found.active === 0 || found.active === false) return 'it is lifted already';
  if (found.placed_by === operator.name) return `${operator.name} placed it: another operator has to lift it`;
  return undefined;
}
