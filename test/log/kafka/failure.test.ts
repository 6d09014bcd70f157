import { expect, test } from 'vitest';
import { isOut, isPassing } from '../../../services/log/kafka/failure.ts';

const kafka = (type: string, retriable: boolean) => Object.assign(new Error(type), { type, retriable });
const wrapped = (cause: Error) => Object.assign(new Error('retries exceeded', { cause }), { retriable: false });

test.each([
  ['a broker that is away', kafka('LEADER_NOT_AVAILABLE', true), true],
  ['the same after many tries', wrapped(kafka('LEADER_NOT_AVAILABLE', true)), true],
  ['a member that is out', wrapped(kafka('UNKNOWN_MEMBER_ID', false)), true],
  ['a coordinator that restarts', Object.assign(new Error(), { name: 'KafkaJSGroupCoordinatorNotFound' }), true],
  ['a topic that does not exist', wrapped(kafka('UNKNOWN_TOPIC_OR_PARTITION', true)), false],
  ['a right that is missing', wrapped(kafka('GROUP_AUTHORIZATION_FAILED', false)), false],
  ['a bug', new TypeError('undefined is not a function'), false],
])('%s', (_, error, passing) => expect(isPassing(error)).toBe(passing));

test('only answers of the group mean that a member is out', () => {
  expect(isOut(wrapped(kafka('ILLEGAL_GENERATION', false)))).toBe(true);
  expect(isOut(kafka('NOT_LEADER_FOR_PARTITION', true))).toBe(false);
});
