import { expect, test } from 'vitest';
import { describeFailure, failure } from '../../services/clickhouse/failure.ts';

const QUOTES =
  "Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse input: 'my password is' (CANNOT_PARSE) (version 26.7.2.1). (CANNOT_PARSE)";

test("ClickHouse's words stand once", () => {
  expect(failure(new Error(QUOTES))).toMatchObject({
    code: 27,
    message: expect.stringMatching(/^Cannot parse input/),
  });
});

test.each([
  [failure(new Error(QUOTES)), 'ClickHouse answers 27 CANNOT_PARSE'],
  [
    failure(Object.assign(new Error('connect to http://u:p@h'), { code: 'ECONNREFUSED' })),
    'ClickHouse does not answer (ECONNREFUSED)',
  ],
  [new TypeError('my password is'), 'TypeError'],
  ['text', 'unknown error'],
])('of %o logs say %j', (error, said) => expect(describeFailure(error)).toBe(said));
