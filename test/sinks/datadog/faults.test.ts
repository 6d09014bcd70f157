import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import type { Delivery } from '../../../services/core/sink.ts';
import { event } from '../../support/event.ts';
import { type DatadogFault, openDatadogReceiver } from '../../support/receivers/datadog.ts';
import { idOf, ids, NOON, sinkOn } from './rig.ts';

const fault: fc.Arbitrary<DatadogFault> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 408, 413, 429, 500, 503),
  }),
  fc.record({ kind: fc.constant('reset' as const), when: fc.constantFrom('before', 'mid-body', 'after') }),
);

const HOUR_MICROS = 3_600_000_000;
const columns: fc.Arbitrary<Partial<AuditEvent>> = fc.record({
  occurred_at: fc.integer({ min: -24, max: 4 }).map((hours) => NOON.getTime() * 1000 + hours * HOUR_MICROS),
  command: fc.constantFrom('', 'ls', 'x'.repeat(1_100_000)),
});

/** Positions the answer says are delivered. */
function claimed(answer: Delivery, size: number): readonly number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  if (answer.kind === 'delivered') return all;
  if (answer.kind !== 'partial') return [];
  const others = new Set([...answer.refused, ...(answer.diverted ?? [])].map(({ index }) => index));
  return all.filter((i) => !others.has(i));
}

test('what counts as delivered is held whole by Datadog, what is diverted is not there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 3 }),
      fc.array(fc.array(columns, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
      async (faults, given) => {
        const intake = await openDatadogReceiver({ now: () => NOON });
        const { deliver } = sinkOn(intake);
        for (const each of faults) intake.script(each);
        const batches = given.map((batch, b) => batch.map((each, i) => event({ ...each, event_id: idOf(b * 3 + i) })));
        const answers = await Promise.all(
          batches.map((batch) => deliver(batch).catch((): Delivery => ({ kind: 'retry', reason: 'thrown' }))),
        );
        const held = new Set(ids(intake.accepted()));
        expect(intake.flawed()).toEqual([]);
        answers.forEach((answer, b) => {
          for (const i of claimed(answer, batches[b]?.length ?? 0)) expect(held).toContain(batches[b]?.[i]?.event_id);
          const diverted = answer.kind === 'partial' ? (answer.diverted ?? []) : [];
          for (const { index } of diverted) expect(held).not.toContain(batches[b]?.[index]?.event_id);
        });
        await intake.close();
      },
    ),
    { numRuns: 60 },
  );
});
