import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogLost } from '../../services/core/log.ts';
import { beginning } from '../../services/log/begin.ts';

const offset = fc.nat({ max: 50 });

const held = new AbortController().signal;

test('a consumer begins inside the log or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(offset, offset, fc.option(offset, { nil: undefined }), async (start, length, wanted) => {
      const end = start + length;
      const committed = wanted === undefined ? undefined : { offset: wanted, metadata: '' };
      const begun = beginning({ group: 'g', topics: ['t'] }, { topic: 't', partition: 0, start, end, committed }, held);
      const expected = wanted ?? start;
      if (expected < start || expected > end) await expect(begun).rejects.toBeInstanceOf(LogLost);
      else expect(await begun).toBe(expected);
    }),
  );
});

test('resume has the last word', async () => {
  const position = { topic: 't', partition: 0, start: 2, end: 9, committed: { offset: 3, metadata: 'm' } };
  const resume = async (at: typeof position | { committed: unknown }) => (at.committed === undefined ? 0 : 8);
  expect(await beginning({ group: 'g', topics: ['t'], resume }, position, held)).toBe(8);
});
