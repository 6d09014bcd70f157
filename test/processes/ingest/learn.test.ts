import { expect, test } from 'vitest';
import { encodeEvent } from '../../../services/codec/event.ts';
import { frame } from '../../../services/codec/wire.ts';
import { silent } from '../../../services/core/logger.ts';
import { openBindings } from '../../../services/identity/bindings.ts';
import { openLearning } from '../../../services/processes/ingest/learn.ts';
import { event } from '../../support/event.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const SESSION = '0b7f1c52-4c1e-4d7a-9a53-6c8a7e0f2d11';
const START = new Date('2026-06-15T12:00:00Z');
const NOW = START.getTime() * 1000;
const MARA = 'mara@harbour.example';
const TOM = 'tom@harbour.example';

async function stand(most?: number) {
  const clock = virtualClock(START);
  const log = memoryLog(clock);
  await log.create([{ name: 'audit.events', partitions: 1, retentionMs: -1 }]);
  let reads = 0;
  let failures = 0;
  const counted = {
    ...log,
    async read(...given: Parameters<typeof log.read>) {
      reads++;
      if (failures-- > 0) throw new Error('the broker is away');
      return log.read(...given);
    },
  };
  const bindings = openBindings({ session_days: 2, device_days: 1 });
  const parts = { log: counted, partitions: 1, bindings, clock, logger: silent };
  const learning = openLearning(most === undefined ? parts : { ...parts, most });
  const seen = (email: string) => {
    const time = clock.now().getTime() * 1000;
    return event({ actor_email: email, session_id: SESSION, received_at: time, ingested_at: time });
  };
  const append = (email: string) =>
    log.append('audit.events', 0, [{ value: frame(1, [encodeEvent(seen(email)).datum]) }]);
  return {
    clock,
    log,
    bindings,
    learning,
    seen,
    append,
    reads: () => reads,
    fail(times: number) {
      failures = times;
    },
  };
}

test('what stands on audit.events is known before the work begins', async () => {
  const { append, learning, bindings } = await stand();
  await append(MARA);
  const begun = async () => expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'one', it: MARA });
  await learning.during(begun, AbortSignal.timeout(30_000));
});

test('what others append is learned while the work goes on; what is our own is not read again', async () => {
  const { clock, append, learning, bindings, seen, reads } = await stand();
  const stop = new AbortController();
  const work = Promise.withResolvers<void>();
  const running = learning.during(() => work.promise, stop.signal);
  await clock.pass(0);
  const [first, second] = [await append(MARA), await append(MARA)];
  learning.settled({ partition: 0, first: second }, [seen(MARA)]);
  learning.settled({ partition: 0, first }, [seen(MARA)]);
  await clock.pass(30_000);
  expect(reads()).toBe(0);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'one', it: MARA });
  await append(TOM);
  await clock.pass(30_000);
  expect(reads()).toBe(1);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'several' });
  work.resolve();
  await running;
});

test('what this process is about to tell of is not read back', async () => {
  const { clock, append, learning, seen, reads } = await stand();
  const work = Promise.withResolvers<void>();
  const running = learning.during(() => work.promise, AbortSignal.timeout(30_000));
  await clock.pass(14_900);
  const first = await append(MARA);
  await clock.pass(200);
  learning.settled({ partition: 0, first }, [seen(MARA)]);
  await clock.pass(30_000);
  expect(reads()).toBe(0);
  work.resolve();
  await running;
});

test('where the log is read in part, and where a record cannot be read, nobody is bound by what came just after', async () => {
  const cut = await stand(1);
  await cut.append(TOM);
  await cut.append(MARA);
  await cut.learning.during(async () => undefined, AbortSignal.timeout(30_000));
  expect(cut.bindings.session(SESSION, NOW)).toEqual({ kind: 'several' });

  const broken = await stand();
  await broken.log.append('audit.events', 0, [{ value: Buffer.from('no event') }]);
  await broken.append(MARA);
  await broken.learning.during(async () => undefined, AbortSignal.timeout(30_000));
  expect(broken.bindings.session(SESSION, NOW)).toEqual({ kind: 'several' });
});

test('a log that cannot be read for a moment does not end the work', async () => {
  const { clock, learning, append, bindings, fail } = await stand();
  const work = Promise.withResolvers<void>();
  const running = learning.during(() => work.promise, AbortSignal.timeout(30_000));
  await clock.pass(0);
  await append(MARA);
  fail(1);
  await clock.pass(16_000);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'none' });
  await clock.pass(16_000);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'one', it: MARA });
  work.resolve();
  await running;
});

const order = (more: object = {}) =>
  event({
    ...{ action: 'erasure.ordered', outcome: 'success', origin_topic: 'trailhouse.events', occurred_at: NOW + 1 },
    personal_attributes: { 'subject.email': MARA.toUpperCase() },
    ...more,
  });

test('an order to erase somebody is obeyed, whoever appended it, and when everything is read again', async () => {
  const { append, log, learning, bindings, seen } = await stand();
  const datum = (of: ReturnType<typeof event>) => ({ value: frame(1, [encodeEvent(of).datum]) });
  learning.settled(undefined, [seen(MARA)]);
  learning.acted([datum(order({ outcome: 'denied' })), datum(order({ origin_topic: 'gateway.events' }))]);
  expect(bindings.session(SESSION, NOW).kind).toBe('one');
  learning.acted([datum(order())]);
  expect(bindings.session(SESSION, NOW).kind).toBe('several');

  await log.append('audit.events', 0, [datum(order())]);
  await append(MARA);
  const fresh = openBindings({ session_days: 2, device_days: 1 });
  const parts = { log, partitions: 1, bindings: fresh, clock: virtualClock(START), logger: silent };
  const begun = async () => expect(fresh.session(SESSION, NOW).kind).not.toBe('one');
  await openLearning(parts).during(begun, AbortSignal.timeout(30_000));
});
