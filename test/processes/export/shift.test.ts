import { expect, test } from 'vitest';
import type { Dispatcher } from '../../../services/delivery/dispatch.ts';
import { storedItem } from '../../../services/processes/export/items.ts';
import { RECEIPT } from '../../../services/processes/export/receipt.ts';
import { Shift } from '../../../services/processes/export/shift.ts';
import { openView } from '../../../services/processes/export/view.ts';
import { fakeClock } from '../../support/clock.ts';
import { event } from '../../support/event.ts';
import { memoryLog } from '../../support/memory-log.ts';

const clock = fakeClock();
const taking: Dispatcher = {
  async dispatch(parcels, settle) {
    await settle(parcels.map(({ offset }) => ({ offset, event_id: '', outcome: 'delivered', reason: '' })));
  },
  state: () => ({ kind: 'running' }),
  pause() {},
  resume() {},
  async close() {},
};
const items = [0, 1].map((offset) => storedItem(offset, event({ event_id: `e${offset}`, origin_offset: offset })));

test('a report that is written while a receipt fails does not know of what the receipt would have told', async () => {
  const log = memoryLog(clock);
  await log.create([{ name: 'audit.deliveries', partitions: 1, retentionMs: -1 }]);
  const full = Promise.withResolvers<number>();
  let isFull = true;
  const shift = new Shift(
    {
      ...{ sink: 'siem', partition: 0, clock, schemaId: 5, dispatcher: taking },
      log: { ...log, append: (...given) => (isFull ? full.promise : log.append(...given)) },
      view: openView('clear', Buffer.alloc(32)),
      counted() {},
    },
    { settled: 0, marks: new Map(), receiptsAt: 0 },
  );
  const work = shift.work(items, 2, new AbortController().signal);
  await new Promise((resolve) => setImmediate(resolve));
  isFull = false;
  await shift.report({ kind: 'running' });
  full.reject(new Error('disk full'));
  await expect(work).rejects.toThrow('disk full');

  const told: string[] = [];
  await log.read('audit.deliveries', 0, ({ records }) => {
    for (const { headers } of records) told.push(Buffer.from(headers[RECEIPT.marks] ?? '').toString());
  });
  expect(told).toEqual(['{}']);
});

test('a shift that is over delivers nothing', async () => {
  const log = memoryLog(clock);
  const parts = { sink: 'siem', partition: 0, clock, schemaId: 5, dispatcher: taking, log };
  const shift = new Shift(
    { ...parts, view: openView('clear', Buffer.alloc(32)), leftOut: () => 'surface', counted() {} },
    { settled: 0, marks: new Map(), receiptsAt: 0 },
  );
  shift.over.abort(new Error('assigned anew'));
  await expect(shift.work(items, 2, new AbortController().signal)).rejects.toThrow('assigned anew');
});
