import { expect, test } from 'vitest';
import { formats } from '../../../services/formats/index.ts';
import { judge } from '../../../services/processes/ingest/judge.ts';

const SECRET = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const json = formats.filter(({ encodings }) => encodings.includes('json'));
const event = { trailhouse: 1, time: '2026-06-01T12:00:00Z', action: 'shell.exec', outcome: 'success' };

test.each([
  ['a key that stands twice', `{"${SECRET}":1,"${SECRET}":2}`],
  ['a number past 2^53', `{"${SECRET}":9007199254740993}`],
  ['a NUL', JSON.stringify({ [SECRET]: { a: '\0' } })],
  ['an attribute', JSON.stringify({ ...event, attributes: { [SECRET]: {} } })],
])('a reason that names the place of %s tells no credential', (_, message) => {
  const judged = judge(Buffer.from(message), 'json', json);
  expect(judged.kind).toBe('rejected');
  expect('reason' in judged && judged.reason).toMatch(/\[masked:github-token\]/);
  expect(JSON.stringify(judged)).not.toContain(SECRET);
});

test('a key that is no plain name is not shown', () => {
  const message = JSON.stringify({ ...event, attributes: { 'ada@alderbrook.example said': {} } });
  expect(judge(Buffer.from(message), 'json', json)).toMatchObject({
    reason: 'attributes.(key of 27 characters): is no text of at most 1,024 characters, number or boolean',
  });
});
