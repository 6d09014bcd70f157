import { expect, test } from 'vitest';
import type { Delivery } from '../../../services/core/sink.ts';
import { tellsLevel } from '../../../services/processes/export/level.ts';

test('a weaker word of the receiver is told once, and the answers pass as they are', async () => {
  const answers: Delivery[] = [
    { kind: 'delivered' },
    { kind: 'delivered', level: 'accepted' },
    { kind: 'delivered', level: 'accepted' },
    { kind: 'partial', refused: [], level: 'indexed' },
  ];
  const told: string[] = [];
  const left = [...answers];
  const sink = tellsLevel(
    { deliver: async () => left.shift() ?? { kind: 'retry', reason: 'no more' }, async close() {} },
    (level) => told.push(level),
  );
  const { signal } = new AbortController();
  const got = [];
  for (const _ of answers) got.push(await sink.deliver([], signal));
  expect(got).toEqual(answers);
  expect(told).toEqual(['accepted', 'indexed']);
});
