import { expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import type { Envelope } from '../../../services/core/log.ts';
import { maskDraft } from '../../../services/privacy/draft.ts';
import { type Reading, readAll } from '../../../services/processes/ingest/read.ts';
import { company } from '../../bench/corpus/company.ts';
import { supply } from '../../bench/corpus/supply.ts';
import { batches, surroundings } from '../../bench/surroundings.ts';

const people = company(300);
const around = surroundings(people);

const read = (envelopes: readonly Envelope[], by: Reading = around) =>
  [...readAll(envelopes, by)].map(([{ offset }, one]) => ({ offset, one }));

const reasons = (all: ReturnType<typeof read>): readonly string[] =>
  all.flatMap(({ one }) => (one.kind === 'rejected' ? [one.reason] : []));

test.each(['W1', 'W4'] as const)('messages of %s become together what each becomes alone', (workload) => {
  const [batch] = batches(supply(workload, people).take(600).messages, 600);
  const envelopes = batch?.records ?? [];
  const together = read(envelopes);
  expect(together.map(({ offset }) => offset)).toEqual(envelopes.map(({ offset }) => offset));
  expect(together.filter(({ one }) => one.kind === 'accepted').length).toBeGreaterThan(500);
  for (const [index, envelope] of envelopes.entries()) expect(read([envelope])).toEqual([together[index]]);
});

test('large messages are not held together, and none is left out', () => {
  const large = Buffer.from(JSON.stringify({ id: 'a', text: 'x'.repeat(900_000) }));
  const envelopes = Array.from({ length: 7 }, (_, offset): Envelope => {
    const value = offset === 3 ? Buffer.alloc(5_000_000, 32) : large;
    return {
      topic: 'gateway.events',
      partition: 0,
      offset,
      receivedAt: around.now,
      key: undefined,
      headers: {},
      value,
    };
  });
  expect(read(envelopes).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('a message that a step fails on is rejected, and the others are not', () => {
  const [batch] = batches(supply('W1', people).take(20).messages, 20);
  const envelopes = batch?.records ?? [];
  const told: string[] = [];
  let asked = 0;
  const failing: Reading = {
    ...around,
    broken: (format, error) => told.push(`${format}: ${error}`),
    privacy: {
      ...around.privacy,
      mask(raw: Draft) {
        asked++;
        if (asked === 3) throw new RangeError('what the message holds');
        return maskDraft(raw);
      },
    },
  };
  const whole = reasons(read(envelopes));
  const rejected = reasons(read(envelopes, failing));
  expect(rejected).toContain('message: format litellm failed with RangeError');
  expect(rejected).toHaveLength(1 + whole.length);
  expect(told).toEqual(['litellm: RangeError']);
});
