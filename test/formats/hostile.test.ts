import { describe, expect, test } from 'vitest';
import { formats } from '../../services/formats/index.ts';
import { judge } from '../../services/processes/ingest/judge.ts';
import { around, ENVELOPE } from '../support/hostile/message.ts';
import { hostileMessages } from '../support/hostile.ts';

const all = hostileMessages();

test('there are enough, and no two alike', () => {
  expect(all.length).toBeGreaterThanOrEqual(500);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test('what they are made from is sound', () => {
  for (const sound of [Buffer.from(JSON.stringify(ENVELOPE)), around('{"text":"x"}')])
    expect(judge(sound, 'json', formats)).toMatchObject({ kind: 'accepted' });
});

describe.each(all)('$topic: $name', ({ encoding, value, place }) => {
  test('is refused by place, whatever formats its topic allows', () => {
    const judged = judge(
      value,
      encoding,
      formats.filter(({ encodings }) => encodings.includes(encoding)),
    );
    expect(judged.kind).toBe('rejected');
    if (judged.kind !== 'rejected') return;
    expect(judged.reason).toMatch(place ?? /^[^:]+: \S/);
    expect(judged.reason.length).toBeLessThan(600);
  });
});
