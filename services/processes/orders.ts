import { randomUUID } from 'node:crypto';
import { whyNot } from '../clickhouse/events.ts';
import type { Answer, Asker, Order } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { eventId } from '../core/origin.ts';
import type { Store } from '../core/store.ts';
import { type Act, record } from './acts.ts';
import { OWN_TOPIC } from './bindings.ts';
import { writeControl } from './export/controls.ts';
import { type Admitted, admit, type Operators } from './operators.ts';

interface Parts {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly sinks: readonly string[];
  readonly operators: Operators;
}

/** Auditors hold and are shown; who decides what reaches a receiver, and what is read again, answers for the pipeline. */
export const MAY_OPERATE = ['administrator'] as const;

/** Whom an act names, where operators are configured. */
export const named = ({ operator }: Pick<Admitted, 'operator'>): Partial<Pick<Act, 'operator'>> =>
  operator === undefined ? {} : { operator: operator.name };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Puts an order on the trail, then hands it to the lanes. The answer holds its id. */
export async function obey(order: Order, token: string, asker: Asker, parts: Parts): Promise<Answer> {
  const by = admit(token, parts.operators, MAY_OPERATE);
  const refusal = by.kind === 'refused' ? by.reason : await refuse(order, parts);
  const outcome = refusal === undefined ? 'success' : 'denied';
  const { order: what, sink } = order;
  const more = 'ids' in order && order.ids.length > 0 ? { events: order.ids.length } : {};
  const attributes = { what: `receiver ${what}`, sink: sink.slice(0, 64), ...more };
  const act = { action: 'audit.act', outcome, target: `receiver ${sink.slice(0, 64)}`, asker, attributes } as const;
  const content = 'where' in order || 'reason' in order ? { content: { ...order, ids: undefined } } : {};
  const offset = await record({ ...act, ...named(by), ...content }, parts.log, parts.clock);
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  if (order.order === 'test') return text(eventId({ epoch: 0, topic: OWN_TOPIC, partition: 0, offset, ordinal: 0 }));

  const id = randomUUID();
  const at = parts.clock.now().toISOString();
  switch (order.order) {
    case 'pause':
    case 'resume':
      await writeControl(parts.log, { kind: order.order, sink, at });
      break;
    case 'skip':
      await writeControl(parts.log, { kind: 'skip', id, sink, at, ids: [...order.ids], reason: order.reason });
      break;
    case 'replay': {
      const { from, to, where, ids } = order;
      await writeControl(parts.log, { kind: 'replay', id, sink, at, from, to, where, ids: [...ids] });
    }
  }
  return text(id);
}

const text = (id: string): Answer => ({ kind: 'text', text: `${id}\n`, rows: 1 });

async function refuse(order: Order, { sinks, store }: Parts): Promise<string | undefined> {
  if (!sinks.includes(order.sink)) {
    const known = sinks.length === 0 ? 'none is configured' : `there are ${sinks.join(', ')}`;
    return `no receiver is named ${order.sink.slice(0, 64)}; ${known}`;
  }
  const wrong = 'ids' in order ? order.ids.find((id) => !UUID.test(id)) : undefined;
  if (wrong !== undefined) return `${wrong.slice(0, 40)} is no event id`;
  if (order.order === 'skip' && order.ids.length === 0) return 'name the events to skip';
  if (order.order !== 'replay') return undefined;
  const past = order.ids.length === 0 ? undefined : await pastDeadline(order.ids, store);
  if (past !== undefined)
    return `the time of ${past} has run: what keeps it longer lets it be shown, and not sent to anybody`;
  const [begin, end] = [Date.parse(order.from), Date.parse(order.to)];
  if (begin >= end) return 'the period ends before it begins: --to must lie after --from';
  const said = (text: string): string | undefined => (text === '' ? undefined : text);
  const window = { occurredFrom: said(order.from), occurredTo: said(order.to) };
  const reason = await whyNot(store, said(order.where), window);
  return reason === undefined ? undefined : `--from, --to, --where: ${reason}`;
}

/** The first of some events whose own deadline has passed. A hold keeps it for its matter: receivers are handed nothing anew. */
async function pastDeadline(ids: readonly string[], store: Store): Promise<string | undefined> {
  const [found] = await store.rows(
    'SELECT toString(event_id) AS id FROM audit.trail WHERE event_id IN {ids:Array(UUID)} AND retain_until <= now64(6) LIMIT 1',
    { ids },
  );
  return found === undefined ? undefined : String(found.id);
}
