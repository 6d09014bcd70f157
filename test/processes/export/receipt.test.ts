import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fate, readMarks, receipt, writeMarks } from '../../../services/processes/export/receipt.ts';

const stub = { sink: 'siem', audit_partition: 0, replay: '', state: 'running', state_reason: '', settled_at: 1 };

const outcome = fc.constantFrom<Fate['outcome']>(
  'delivered',
  'buried',
  'filtered',
  'diverted',
  'uncertain',
  'redelivered',
);
const fates = fc
  .uniqueArray(fc.record({ offset: fc.nat(60), outcome }), { selector: ({ offset }) => offset })
  .map((all) =>
    all
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, outcome }): Fate => ({ offset, outcome, event_id: '', reason: '' })),
  );

test('counts add up to the range, and entries name each offset that was not delivered once', () => {
  fc.assert(
    fc.property(fates, (given) => {
      const made = receipt(stub, 0, 61, given);
      const { delivered, buried, filtered, diverted, uncertain, redelivered, absent } = made;
      expect(delivered + buried + filtered + diverted + uncertain + redelivered + absent).toBe(61);
      const listed = made.exceptions.flatMap(({ offset, count, outcome }) =>
        Array.from({ length: count }, (_, at): [number, string] => [offset + at, outcome]),
      );
      expect(new Set(listed.map(([offset]) => offset)).size).toBe(listed.length);
      const told = new Map(listed);
      for (let offset = 0; offset < 61; offset++) {
        const fate = given.find((one) => one.offset === offset)?.outcome ?? 'absent';
        expect(told.get(offset) ?? 'delivered').toBe(fate);
      }
    }),
  );
});

test('a replay lists what it sent, in runs, and nothing else', () => {
  const sent = [3, 4, 9].map((offset): Fate => ({ offset, outcome: 'delivered', event_id: '', reason: '' }));
  const made = receipt({ ...stub, replay: 'r' }, 3, 10, sent);
  expect([made.delivered, made.absent]).toEqual([3, 0]);
  expect(made.exceptions.map(({ offset, count }) => [offset, count])).toEqual([
    [3, 2],
    [9, 1],
  ]);
});

test('entries that name events are never joined', () => {
  const buried = [1, 2].map(
    (offset): Fate => ({ offset, outcome: 'buried', event_id: `e${offset}`, reason: 'HEC 12' }),
  );
  expect(receipt(stub, 1, 3, buried).exceptions).toHaveLength(2);
});

test('marks read back as written, and what is not ours is not read', () => {
  const marks = new Map([['0/gateway.events/3', { offset: 2 ** 52, ordinal: 7 }]]);
  expect(readMarks(writeMarks(marks))).toEqual(marks);
  for (const text of ['', '[', 'null', '{"a":1}', '{"a":["x",1]}']) expect(readMarks(text)).toBeUndefined();
});
