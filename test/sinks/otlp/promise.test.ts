import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery } from '../../../services/core/sink.ts';
import { otlpLogs, otlpTraces } from '../../../services/sinks/otlp/index.ts';
import type { Fault } from '../../support/receivers/fault.ts';
import { type OtlpFault, openOtlpReceiver } from '../../support/receivers/otlp.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { some } from './events.ts';

const status = fc.constantFrom(200, 201, 204, 301, 400, 401, 404, 408, 413, 422, 429, 500, 502, 503, 504, 599);
const body = fc.constantFrom(
  '',
  '{}',
  'null',
  '<html>',
  '\n\u0002\b\u0001',
  '{"partialSuccess":{"rejectedSpans":"x"}}',
);
const type = fc.constantFrom('text/html', 'application/grpc', 'application/problem+json');
const fault: fc.Arbitrary<Fault | OtlpFault> = fc.oneof(
  fc
    .record({ status, body, type })
    .map((said): Fault => ({ kind: 'answer', ...said, headers: { 'content-type': said.type } })),
  fc.integer({ min: 0, max: 6 }).map((rejected): OtlpFault => ({ kind: 'partial', rejected })),
  fc.constantFrom('before', 'mid-body', 'after').map((when): Fault => ({ kind: 'reset', when })),
);

/** How many of the batch the answer says the receiver does not hold. */
function notTaken(answer: Delivery, events: number): number {
  if (answer.kind === 'delivered') return 0;
  if (answer.kind === 'uncertain') return answer.count;
  return answer.kind === 'partial' ? answer.refused.length : events;
}

test.each([otlpLogs, otlpTraces])('$name counts nothing delivered that the receiver does not hold', async (kind) => {
  const receiver = await openOtlpReceiver();
  const sink = kind.open({ endpoint: receiver.url }, sinkTools());
  const stop = new AbortController();
  await fc.assert(
    fc.asyncProperty(fc.option(fault, { freq: 8 }), fc.integer({ min: 1, max: 5 }), async (met, events) => {
      const batch = some(events);
      if (met !== null) receiver.script(met);
      const answer = await sink.deliver(batch, stop.signal).catch(() => undefined);
      const held = new Set(receiver.accepted().map(({ event_id }) => event_id));
      const missing = batch.filter(({ event_id }) => !held.has(event_id)).length;
      if (answer === undefined) return;
      expect(missing, answer.kind).toBe(notTaken(answer, events));
    }),
    { numRuns: 150 },
  );
  await receiver.close();
});
