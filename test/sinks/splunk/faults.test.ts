import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import type { Delivery } from '../../../services/core/sink.ts';
import type { Fault } from '../../support/receivers/fault.ts';
import { openSplunkReceiver, type SplunkFault } from '../../support/receivers/splunk.ts';
import { events, ids, sinkOn } from './rig.ts';

const fault: fc.Arbitrary<Fault | SplunkFault> = fc.oneof(
  fc.record({ kind: fc.constant('hec' as const), code: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('answer' as const), status: fc.constantFrom(200, 204, 400, 404, 500, 503) }),
  fc.record({ kind: fc.constant('reset' as const), when: fc.constantFrom('before', 'mid-body', 'after') }),
  fc.constant({ kind: 'unindexed' as const }),
);

/** Positions the answer says the receiver has. */
function claimed(answer: Delivery, size: number): readonly number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  if (answer.kind === 'delivered') return all;
  if (answer.kind !== 'partial') return [];
  const refused = new Set(answer.refused.map(({ index }) => index));
  return all.slice(0, answer.resendFrom).filter((i) => !refused.has(i));
}

test('what counts as delivered is held by the indexer, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 4 }),
      fc.array(fault, { maxLength: 4 }),
      fc.integer({ min: 0, max: 2 }),
      async (posts, polls, slowPolls) => {
        const splunk = await openSplunkReceiver({ slowPolls });
        const { deliver } = sinkOn([splunk], { ack: 'on', ack_deadline_ms: 2_000 });
        for (const each of posts) splunk.script(each);
        for (const each of polls) splunk.scriptAcks(each);
        const batches: readonly (readonly AuditEvent[])[] = [0, 1, 2, 3].map((i) => events(3, i * 3));
        const answers = await Promise.all(
          batches.map((batch) => deliver(batch).catch((): Delivery => ({ kind: 'retry', reason: 'thrown' }))),
        );
        const held = new Set(ids(splunk.accepted()));
        answers.forEach((answer, i) => {
          const batch = batches[i] ?? [];
          for (const at of claimed(answer, batch.length)) expect(held).toContain(batch[at]?.event_id);
        });
        await splunk.close();
      },
    ),
    { numRuns: 100 },
  );
});
