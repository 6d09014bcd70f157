import type { Params } from '../../clickhouse/client.ts';
import { gate, type Question } from '../../clickhouse/gate.ts';
import { asSelect } from '../../clickhouse/gate-statements.ts';
import { type About, allowedFor } from '../../clickhouse/gate-system.ts';
import { ANALYST_VIEWS, VIEWS } from '../../clickhouse/gate-views.ts';
import { readParameters } from '../../clickhouse/parameters.ts';
import { isKnownFormat } from '../../clickhouse/stream-formats.ts';
import type { Failure, Principal, Request } from '../../console/clickhouse/counter.ts';
import { refusal } from './failures.ts';

/** A question that may be put, with what is bound to it. */
export interface Readable {
  readonly question: Question;
  readonly params: Params;
}

/** What the request asks, as far as whoever asks may. `explain` answers `EXPLAIN AST …` with text. */
export async function readQuestion(
  request: Request,
  { role, name }: Principal,
  about: About,
  explain: (statement: string) => Promise<string>,
): Promise<Readable | Failure> {
  if (request.fault !== undefined) return request.fault;
  if (!isKnownFormat(request.format)) return refusal(73, 'this output format is not served', 'UNKNOWN_FORMAT');
  const allowed = allowedFor(role === 'analyst' ? ANALYST_VIEWS : VIEWS, name, about);
  const select = asSelect(request.sql, allowed);
  const question = select.ok ? await gate(select.sql, explain, allowed) : select;
  if (!question.ok) {
    const { code, reason } = question;
    return code === undefined ? refusal(497, reason, 'ACCESS_DENIED') : refusal(code, reason, 'SYNTAX_ERROR');
  }
  const bound = readParameters(question.parameters, request.params);
  return bound.ok ? { question, params: bound.params } : refusal(457, bound.reason, 'BAD_QUERY_PARAMETER');
}
