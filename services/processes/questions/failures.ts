import { ClickHouseFailure } from '../../clickhouse/failure.ts';
import { TooManyQueries } from '../../clickhouse/streams.ts';
import type { Failure } from '../../console/clickhouse/counter.ts';

/** ClickHouse's codes for what it has no name for, and for too much at once. */
const UNKNOWN_EXCEPTION = 1002;
const TOO_MANY_SIMULTANEOUS_QUERIES = 202;

export function refusal(code: number, words: string, name: string): Failure {
  return { kind: 'failed', code, message: words.endsWith(`(${name})`) ? words : `${words} (${name})` };
}

/** What the asker is told: ClickHouse's own words, and of other errors the name alone. What nobody asks for any more is thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ClickHouseFailure)
    return error.code === undefined
      ? refusal(UNKNOWN_EXCEPTION, 'the store does not answer', 'UNKNOWN_EXCEPTION')
      : { kind: 'failed', code: error.code, message: wordsOf(error) };
  if (error instanceof TooManyQueries)
    return refusal(TOO_MANY_SIMULTANEOUS_QUERIES, error.message, 'TOO_MANY_SIMULTANEOUS_QUERIES');
  throw error;
}

/** Without the version of the store. Of a server the driver keeps the error's name apart. */
function wordsOf({ message, cause }: ClickHouseFailure): string {
  const words = message.replace(/ \(version [^)]*\).*$/s, '').trim();
  const name = cause instanceof Error && 'type' in cause && typeof cause.type === 'string' ? cause.type : '';
  return name === '' || words.endsWith(`(${name})`) ? words : `${words} (${name})`;
}
