import { ClickHouseFailure } from '../clickhouse/failure.ts';
import { gate } from '../clickhouse/gate.ts';
import { queries } from '../clickhouse/queries/index.ts';
import type { NamedQuery } from '../clickhouse/queries/query.ts';
import type { Answer, Asker, Desk, NamedQuestion, Question } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import type { Keys } from '../privacy/keys.ts';
import { digest, record } from './acts.ts';
import { opened, sendAgain } from './quarantine.ts';

export interface DeskParts {
  readonly store: Store;
  readonly log: Log;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Told of each kind of question. */
  count(kind: string): void;
}

/** Answers over the views. No answer leaves before its act is durable in the trail. */
export function openDesk(parts: DeskParts): Desk {
  const folded = fold(parts.clock);

  async function answer(question: Question, asker: Asker, what: string): Promise<Answer> {
    const gated = await gate(question.sql, (sql) => parts.store.text(sql, 'TabSeparatedRaw'));
    if (!gated.ok) {
      await tell(what, 'denied', question, asker, { reason: gated.reason });
      return { kind: 'refused', reason: gated.reason };
    }
    const result = await run(parts.store, gated.sql, question);
    await tell(what, result.kind === 'text' ? 'success' : 'failure', question, asker, {});
    return result;
  }

  async function tell(
    what: string,
    outcome: 'success' | 'failure' | 'denied',
    { sql, params, format }: Question,
    asker: Asker,
    more: Readonly<Record<string, string>>,
  ): Promise<void> {
    parts.count(what);
    const query = digest(sql + JSON.stringify(params));
    if (!folded(`${asker.id} ${asker.address} ${asker.userAgent} ${query} ${outcome}`)) return;
    const attributes = { what, query, format };
    const content = { sql, ...(Object.keys(params).length > 0 ? { params } : {}), ...more };
    await record({ action: 'audit.query', outcome, target: what, asker, attributes, content }, parts.log, parts.clock);
  }

  return {
    select: (question, asker) => answer(question, asker, 'sql'),

    async named({ name, params, format }: NamedQuestion, asker) {
      const query = queries.find((known) => known.name === name);
      if (query === undefined) return { kind: 'refused', reason: `no query ${name}; there are ${names(queries)}` };
      const bound = query.bind(params);
      if (!bound.ok) return { kind: 'refused', reason: bound.reason };
      return answer({ sql: query.sql, params: bound.params, format }, asker, `query ${name}`);
    },

    async quarantined(id, asker) {
      const found = await opened(id, parts);
      const outcome = found.kind === 'opened' ? 'success' : 'failure';
      const act = { action: 'audit.act', outcome, target: `quarantine ${id}`, asker } as const;
      await record({ ...act, attributes: { what: 'quarantine show' } }, parts.log, parts.clock);
      if (found.kind !== 'opened') return { kind: 'refused', reason: found.reason };
      return { kind: 'text', text: Buffer.from(found.message.value).toString('base64'), rows: 1 };
    },

    async retry(id, asker) {
      const found = await opened(id, parts);
      if (found.kind !== 'opened') return { kind: 'refused', reason: found.reason };
      const again = await sendAgain(found, parts);
      const outcome = again.kind === 'sent' ? 'success' : 'failure';
      const act = { action: 'audit.retry', outcome, target: `quarantine ${id}`, asker } as const;
      await record({ ...act, attributes: { what: 'quarantine retry' } }, parts.log, parts.clock);
      if (again.kind !== 'sent') return { kind: 'refused', reason: again.reason };
      return { kind: 'text', text: `${again.place}\n`, rows: 1 };
    },
  };
}

async function run(store: Store, sql: string, { format, params }: Question): Promise<Answer> {
  try {
    const text = await store.text(sql, format, params);
    return { kind: 'text', text, rows: 0 };
  } catch (error) {
    if (!(error instanceof ClickHouseFailure)) throw error;
    return { kind: 'failed', code: error.code ?? UNKNOWN, message: error.message };
  }
}

/** ClickHouse's code for an exception it has no name for. */
const UNKNOWN = 1002;

const MINUTE = 60_000;

/** A dashboard that asks the same again and again is one event per principal, query and minute. */
function fold(clock: Clock): (key: string) => boolean {
  let minute = 0;
  const seen = new Set<string>();
  return (key) => {
    const now = Math.floor(clock.now().getTime() / MINUTE);
    if (now !== minute) seen.clear();
    minute = now;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

const names = (all: readonly NamedQuery[]): string => all.map(({ name }) => name).join(', ');
