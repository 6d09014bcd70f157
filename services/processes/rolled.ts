import { ClickHouseFailure } from '../clickhouse/failure.ts';
import type { NamedQuery } from '../clickhouse/queries/query.ts';
import { rolledMark } from '../clickhouse/queries/rolled.ts';
import type { Answer, Question } from '../console/desk.ts';
import type { Store } from '../core/store.ts';

/**
 * Asks for days that are rolled up where they are all of the window, and the trail itself otherwise: the answer is the same. A day that
 * changes while it is asked for is asked for again, from the trail. Answers with the question that was asked.
 */
export async function askNamed(
  { sql, rolled }: NamedQuery,
  { params, format }: Omit<Question, 'sql'>,
  store: Store,
  ask: (question: Question) => Promise<Answer>,
): Promise<{ readonly question: Question; readonly result: Answer }> {
  const before = rolled === undefined ? undefined : await markOf(store, params);
  if (rolled !== undefined && before !== undefined) {
    const question = { sql: rolled, params, format };
    const result = await ask(question);
    if (result.kind === 'text' && (await markOf(store, params)) === before) return { question, result };
  }
  const question = { sql, params, format };
  return { question, result: await ask(question) };
}

/** Where the store does not answer, the question itself will tell. */
async function markOf(store: Store, params: Question['params']): Promise<string | undefined> {
  try {
    return await rolledMark(store, params);
  } catch (error) {
    if (error instanceof ClickHouseFailure) return undefined;
    throw error;
  }
}
