import { ClickHouseFailure } from '../clickhouse/failure.ts';
import { gate } from '../clickhouse/gate.ts';
import { isTextFormat } from '../clickhouse/gate-formats.ts';
import { type Allowed, ANALYST_VIEWS, VIEWS_ALONE } from '../clickhouse/gate-views.ts';
import { queries } from '../clickhouse/queries/index.ts';
import type { NamedQuery } from '../clickhouse/queries/query.ts';
import type { Answer, Asker, Desk, NamedQuestion, Question } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import type { PrivacyConfig } from '../privacy/config.ts';
import type { Keys } from '../privacy/keys.ts';
import { maskText } from '../privacy/mask.ts';
import { digest, record } from './acts.ts';
import { orderErasure } from './erase/order.ts';
import { fold } from './fold.ts';
import { type Admitted, admit, type Operators, operatorOf } from './operators.ts';
import { MAY_OPERATE, named, obey } from './orders.ts';
import { opened, sendAgain } from './quarantine.ts';
import { hold } from './retain/holding.ts';
import { MAY_REVEAL, reveal } from './reveal.ts';
import { review } from './review.ts';
import { askNamed } from './rolled.ts';

export interface DeskParts {
  readonly store: Store;
  readonly log: Log;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Directory that remembers which messages were sent again. */
  readonly retried: string;
  /** Names of the receivers in the configuration. */
  readonly sinks: readonly string[];
  readonly operators: Operators;
  readonly privacy: PrivacyConfig;
  /** Raw topics of the configuration. */
  readonly topics: readonly string[];
  /** Told of each kind of question. */
  count(kind: string): void;
}

/** Answers over the views. No answer leaves before its act is durable in the trail. */
export function openDesk(parts: DeskParts): Desk {
  const folded = fold(parts.clock);

  async function answer(question: Question, asker: Asker, what: string): Promise<Answer> {
    const by = askedBy(question.token, parts.operators);
    const result = by.kind === 'refused' ? by : await run(parts.store, question, by.allowed);
    return told(question, result, by, asker, what);
  }

  async function told(question: Question, result: Answer, by: AskedBy, asker: Asker, what: string): Promise<Answer> {
    const reason: Readonly<Record<string, string>> = result.kind === 'refused' ? { reason: result.reason } : {};
    await tell(what, OUTCOMES[result.kind], question, by, asker, reason);
    return result;
  }

  async function tell(
    what: string,
    outcome: 'success' | 'failure' | 'denied',
    { sql, params, format }: Question,
    by: AskedBy,
    asker: Asker,
    more: Readonly<Record<string, string>>,
  ): Promise<void> {
    parts.count(what);
    const query = digest(JSON.stringify([sql, params]));
    const attributes = { what, query: query.slice(0, 16), format };
    // Not an object: names are the asker's, and a name such as __proto__ would not fit the trail.
    const bound = Object.entries(params).map(([name, value]) => ({ name, value }));
    const content = { sql, ...(bound.length > 0 ? { params: bound } : {}), ...more };
    const act = { action: 'audit.query', outcome, target: what, asker, ...named(by), attributes, content } as const;
    const principal = [by.operator?.name, asker.id, asker.address, asker.userAgent];
    await folded(
      JSON.stringify([...principal, query, outcome]),
      async () => void (await record(act, parts.log, parts.clock)),
    );
  }

  return {
    select: (question, asker) => answer(question, asker, 'sql'),

    async named({ name, params, format, token }: NamedQuestion, asker) {
      const query = queries.find((known) => known.name === name);
      if (query === undefined) return { kind: 'refused', reason: `no query ${name}; there are ${names(queries)}` };
      const bound = query.bind(params);
      if (!bound.ok) return { kind: 'refused', reason: bound.reason };
      const by = askedBy(token, parts.operators);
      const ask = async (question: Question) => (by.kind === 'refused' ? by : run(parts.store, question, by.allowed));
      const { question, result } = await askNamed(query, { params: bound.params, format }, parts.store, ask);
      return told(question, result, by, asker, `query ${name}`);
    },

    async quarantined(id, token, asker) {
      const by = admit(token, parts.operators, MAY_REVEAL);
      const found = by.kind === 'refused' ? by : await opened(id, parts);
      const outcome = by.kind === 'refused' ? 'denied' : found.kind === 'opened' ? 'success' : 'failure';
      const act = { action: 'audit.act', outcome, target: `quarantine ${shownId(id)}`, asker } as const;
      await record({ ...act, ...named(by), attributes: { what: 'quarantine show' } }, parts.log, parts.clock);
      if (found.kind !== 'opened') return { kind: 'refused', reason: found.reason };
      return { kind: 'text', text: Buffer.from(found.message.value).toString('base64'), rows: 1 };
    },

    async retry(id, token, asker) {
      const by = admit(token, parts.operators, MAY_OPERATE);
      const found = by.kind === 'refused' ? by : await opened(id, parts);
      const again = found.kind === 'opened' ? await sendAgain(found, parts) : found;
      const outcome = by.kind === 'refused' ? 'denied' : again.kind === 'sent' ? 'success' : 'failure';
      const act = { action: 'audit.retry', outcome, target: `quarantine ${shownId(id)}`, asker } as const;
      await record({ ...act, ...named(by), attributes: { what: 'quarantine retry' } }, parts.log, parts.clock);
      if (again.kind !== 'sent') return { kind: 'refused', reason: again.reason };
      return { kind: 'text', text: `${again.place}\n`, rows: 1 };
    },

    operate: (order, token, asker) => obey(order, token, asker, parts),
    hold: (order, token, asker) => hold(order, token, asker, parts),
    reveal: (order, token, asker) => reveal(order, token, asker, parts),
    review: (order, token, asker) => review(order, token, asker, parts),
    erase: (order, token, asker) => orderErasure(order, token, asker, parts),
  };
}

/** What was given as an id, as an act may show it: cut before it is masked, half a credential could be left. */
const shownId = (id: string): string => maskText(id).text.slice(0, 40);

const OUTCOMES = { text: 'success', refused: 'denied', failed: 'failure' } as const;

type AskedBy = (Pick<Admitted, 'operator'> & { readonly kind: 'asked'; readonly allowed: Allowed }) | Refused;
type Refused = Extract<Admitted, { readonly kind: 'refused' }>;

/** Whose question it is: an operator's, with the views of their role, or that of the account which reaches the desk. */
function askedBy(token: string | undefined, operators: Operators): AskedBy {
  const isShown = token !== undefined && token !== '' && Object.keys(operators).length > 0;
  if (!isShown) return { kind: 'asked', operator: undefined, allowed: VIEWS_ALONE };
  const operator = operatorOf(token, operators);
  if (operator === undefined) return { kind: 'refused', reason: 'the token is no operator’s', operator };
  const views = operator.role === 'analyst' ? ANALYST_VIEWS : VIEWS_ALONE.views;
  return { kind: 'asked', operator, allowed: { ...VIEWS_ALONE, views } };
}

/** Never throws: a question that broke something was asked all the same, and belongs in the trail. */
async function run(store: Store, { sql, format, params }: Question, allowed: Allowed): Promise<Answer> {
  if (!isTextFormat(format)) return { kind: 'refused', reason: 'this output format is not served' };
  try {
    const gated = await gate(sql, (statement) => store.text(statement, 'TabSeparatedRaw'), allowed);
    if (!gated.ok) return { kind: 'refused', reason: gated.reason };
    return { kind: 'text', text: await store.text(gated.sql, format, params), rows: 0 };
  } catch (error) {
    if (error instanceof ClickHouseFailure)
      return { kind: 'failed', code: error.code ?? UNKNOWN, message: error.message };
    const name = error instanceof Error ? error.name : 'unknown error';
    return { kind: 'failed', code: UNKNOWN, message: `the answer could not be read (${name})` };
  }
}

/** ClickHouse's code for an exception it has no name for. */
const UNKNOWN = 1002;

const names = (all: readonly NamedQuery[]): string => all.map(({ name }) => name).join(', ');
