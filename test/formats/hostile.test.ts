import { expect, test } from 'vitest';
import { formats } from '../../services/formats/index.ts';
import { type Judged, judge } from '../../services/processes/ingest/judge.ts';
import type { Hostile } from '../support/hostile/message.ts';
import { hostileMessages, soundMessages } from '../support/hostile.ts';

/** By every format of its encoding: a topic may allow any of them. */
function judged({ value, encoding }: Hostile): Judged {
  return judge(
    value,
    encoding,
    formats.filter(({ encodings }) => encodings.includes(encoding)),
  );
}

const all = hostileMessages();

test('there are enough, and no two alike', () => {
  expect(all.length).toBeGreaterThanOrEqual(500);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test.each(soundMessages())('$name is sound to begin with', (message) => {
  expect(judged(message)).toMatchObject({ kind: 'accepted' });
});

test.each(all)('$topic: $name is refused, and the place is told', (message) => {
  const verdict = judged(message);
  expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(message.place ?? /^[^:]+: \S/) });
  if (verdict.kind === 'rejected') expect(verdict.reason.length).toBeLessThan(600);
});

test('no reason repeats a key that was made to be read', () => {
  const told = all.map(judged).flatMap((verdict) => (verdict.kind === 'rejected' ? [verdict.reason] : []));
  for (const bait of ['DROP TABLE', 'evil.example', 'onerror', 'etc/passwd', '\u202e', '\u001b', 'private.example'])
    expect(told.filter((reason) => reason.includes(bait))).toEqual([]);
});
