import { expect, test } from 'vitest';
import { type Found, median } from './figure.ts';
import { jsonOf, tableOf } from './report.ts';

const found: Found = {
  figures: [
    { kind: 'measured', key: 'coreW1', unit: 'events/CPU-s', values: [61_000.4, 58_000, 64_000] },
    { kind: 'measured', key: 'naiveRatio', unit: '×', values: [4.1234, 3.9] },
    { kind: 'unreached', key: 'coreW2', because: 'no such encoding' },
  ],
  corpora: { W1: '10 messages' },
  notes: ['A note.'],
};

test('a table of medians and spreads, with what was not reached in its place', () => {
  expect(tableOf(found)).toBe(
    `| key | median | least to greatest | unit | repeats |
|---|---|---|---|---|
| \`coreW1\` | 61,000 | 58,000 to 64,000 | events/CPU-s | 3 |
| \`naiveRatio\` | 4.01 | 3.9 to 4.12 | × | 2 |
| \`coreW2\` | not reached | no such encoding | – | – |

- W1: 10 messages

A note.`,
  );
});

test('JSON has every key, null for what was not reached', () => {
  expect(JSON.parse(jsonOf(found, 'a machine'))).toEqual({
    coreW1: 61_000.4,
    naiveRatio: median([3.9, 4.1234]),
    coreW2: null,
    spread: { coreW1: [58_000, 64_000], naiveRatio: [3.9, 4.1234] },
    corpora: { W1: '10 messages' },
    machine: 'a machine',
  });
});
