import { beforeEach, expect, test } from 'vitest';
import { BadCondition } from '../../../services/clickhouse/events.ts';
import type { AuditEvent } from '../../../services/core/event.ts';
import { silent } from '../../../services/core/logger.ts';
import type { Dispatcher } from '../../../services/delivery/dispatch.ts';
import type { Replay } from '../../../services/processes/export/controls.ts';
import type { Lane } from '../../../services/processes/export/lane.ts';
import { type Archive, type ReplayParts, replays } from '../../../services/processes/export/replays.ts';
import { Shift } from '../../../services/processes/export/shift.ts';
import { openView } from '../../../services/processes/export/view.ts';
import { onTopic, receipts } from '../../support/audit-topic.ts';
import { fakeClock } from '../../support/clock.ts';
import { event } from '../../support/event.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const clock = fakeClock();
const numbered = (offset: number) =>
  event({ event_id: `e${offset}`, origin_offset: offset, surface: offset % 2 === 0 ? 'cli' : 'web' });
let log: MemoryLog;

beforeEach(async () => {
  log = memoryLog(clock);
  const spec = { partitions: 1, retentionMs: -1 };
  await log.create([
    { ...spec, name: 'audit.events' },
    { ...spec, name: 'audit.deliveries' },
  ]);
  await log.append(
    'audit.events',
    0,
    [0, 1, 2, 3].map((offset) => onTopic(numbered(offset))),
  );
});

interface Site {
  readonly got: string[];
  readonly alarms: string[];
  readonly waited: number[];
  readonly parts: ReplayParts;
}

/** Stored is one event more than the topic had when the replay began. */
function site(archive: Partial<Archive> = {}, leftOut?: ReplayParts['leftOut']): Site {
  const got: string[] = [];
  const alarms: string[] = [];
  const waited: number[] = [];
  const dispatcher: Dispatcher = {
    async dispatch(parcels, settle) {
      const sent = parcels.map((parcel) => ({ parcel, shown: parcel.open() }));
      got.push(...sent.map(({ shown }) => shown.event_id));
      if (sent.length === 0) return;
      await settle(
        sent.map(({ parcel, shown }) => ({
          ...{ offset: parcel.offset, event_id: shown.event_id },
          ...{ outcome: 'delivered', reason: '' },
        })),
      );
    },
    state: () => ({ kind: 'running' }),
    pause() {},
    resume() {},
    async close() {},
  };
  const view = openView('clear', Buffer.alloc(32));
  const shared = { sink: 'siem', log, clock, schemaId: 5, dispatcher, view, counted() {} };
  const shifts = new Map([
    [0, new Shift({ ...shared, partition: 0 }, { settled: 4, marks: new Map(), receiptsAt: 0 })],
  ]);
  const lane: Lane = { run: async () => {}, shifts: () => shifts, waiting: () => [], dispatcher };
  return {
    ...{ got, alarms, waited },
    parts: {
      ...shared,
      ...{ lane, logger: silent, leftOut },
      alarm: async (reason) => void alarms.push(reason),
      archive: {
        progress: async () => ({ next: 0, done: false }),
        archived: async (_, offset) => void waited.push(offset),
        async wanted({ ids }, _, from, before) {
          return [0, 1, 2, 3, 4]
            .filter((offset) => offset >= from && offset < before)
            .filter((offset) => ids.length === 0 || ids.includes(`e${offset}`))
            .map((offset) => ({ offset, event: numbered(offset) }));
        },
        ...archive,
      },
    },
  };
}

const order = (id: string, ids: string[] = []): Replay => ({
  ...{ kind: 'replay', id, sink: 'siem', at: '' },
  ...{ from: '', to: '', where: '', ids },
});

/** Runs replays until so many have ended. */
async function runTo(ends: number, running: ReturnType<typeof replays>): Promise<void> {
  const stop = new AbortController();
  const run = running.run(stop.signal);
  const ended = async () => (await receipts(log)).filter(({ first, next }) => first === next).length;
  while ((await ended()) < ends) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await run;
}

test('a replay of a period waits until it is stored, and leaves what comes later to the lane', async () => {
  const { got, waited, parts } = site();
  const running = replays(parts);
  running.ask(order('a'));
  await runTo(1, running);
  expect(waited).toEqual([4]);
  expect(got).toEqual(['e0', 'e1', 'e2', 'e3']);
});

test("the receiver's filter holds for a period, and not for events that were named", async () => {
  const notWeb = ({ surface }: AuditEvent) => (surface === 'web' ? 'surface' : undefined);
  const { got, parts } = site({}, notWeb);
  const running = replays(parts);
  running.ask(order('a'));
  await runTo(1, running);
  expect(got).toEqual(['e0', 'e2']);
  expect((await receipts(log))[0]?.exceptions.map(({ offset, outcome }) => [offset, outcome])).toEqual([
    [0, 'delivered'],
    [2, 'delivered'],
  ]);
  running.ask(order('b', ['e1']));
  await runTo(2, running);
  expect(got).toEqual(['e0', 'e2', 'e1']);
});

test('a replay that cannot be done is told and left; others are done', async () => {
  const { parts, got, alarms } = site();
  const { wanted } = parts.archive;
  const archive: Archive = {
    ...parts.archive,
    wanted: async (replay, ...rest) => {
      if (replay.id === 'bad') throw new BadCondition('ClickHouse answers 47 UNKNOWN_IDENTIFIER');
      return wanted(replay, ...rest);
    },
  };
  const running = replays({ ...parts, archive });
  running.ask(order('bad'));
  running.ask(order('good', ['e2']));
  await runTo(1, running);
  expect(got).toEqual(['e2']);
  expect(alarms).toEqual(['replay bad: ClickHouse answers 47 UNKNOWN_IDENTIFIER']);
});

test('one that waits holds up no other', async () => {
  const { parts, got } = site({ archived: (_, __, signal) => untilAborted(signal) });
  const running = replays(parts);
  running.ask(order('waits'));
  running.ask(order('test', ['e3']));
  await runTo(1, running);
  expect(got).toEqual(['e3']);
});

test('what else goes wrong is tried again', async () => {
  let tries = 0;
  const { parts, got } = site({
    progress: async () => {
      if (tries++ === 0) throw new TypeError('broken');
      return { next: 2, done: false };
    },
  });
  const running = replays(parts);
  running.ask(order('a'));
  await runTo(1, running);
  expect([tries, got]).toEqual([2, ['e2', 'e3']]);
});

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
