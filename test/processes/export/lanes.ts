import { repoSchemas } from '../../../services/codec/schemas.ts';
import type { AuditEvent } from '../../../services/core/event.ts';
import { silent } from '../../../services/core/logger.ts';
import type { Dispatcher, Parcel } from '../../../services/delivery/dispatch.ts';
import type { Lane, LaneParts } from '../../../services/processes/export/lane.ts';
import { openView } from '../../../services/processes/export/view.ts';
import { onTopic, receipts } from '../../support/audit-topic.ts';
import { fakeClock } from '../../support/clock.ts';
import { event } from '../../support/event.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const clock = fakeClock();
export const schemas = repoSchemas();

export async function openTopics(): Promise<MemoryLog> {
  const log = memoryLog(clock, 10);
  const spec = { partitions: 1, retentionMs: -1 };
  await log.create([
    { ...spec, name: 'audit.events' },
    { ...spec, name: 'audit.deliveries' },
  ]);
  return log;
}

export const numbered = (offset: number, more: Partial<AuditEvent> = {}) =>
  event({ event_id: `e${offset}`, origin_offset: offset, ...more });

export const fillTopic = (log: MemoryLog, count: number) =>
  log.append(
    'audit.events',
    0,
    Array.from({ length: count }, (_, offset) => onTopic(numbered(offset))),
  );

/** Delivers in twos; asked to break, it never answers for what comes after so many. */
export function receiver(breakAfter = Infinity): { readonly got: string[]; readonly dispatcher: Dispatcher } {
  const got: string[] = [];
  return {
    got,
    dispatcher: {
      async dispatch(parcels, settle, signal) {
        for (let at = 0; at < parcels.length; at += 2) {
          if (got.length >= breakAfter) return new Promise((_, reject) => hang(signal, reject));
          const part = parcels.slice(at, at + 2).map((parcel) => ended(parcel, parcel.open()));
          got.push(...part.map(({ event_id }) => event_id));
          await settle(part);
        }
      },
      state: () => ({ kind: 'running' }),
      pause() {},
      resume() {},
      async close() {},
    },
  };
}

const ended = ({ offset }: Parcel, { event_id }: AuditEvent) =>
  ({ offset, event_id, outcome: 'delivered', reason: '' }) as const;
const hang = (signal: AbortSignal, reject: (reason: unknown) => void) =>
  signal.addEventListener('abort', () => reject(signal.reason));

export function partsOn(log: MemoryLog, dispatcher: Dispatcher): LaneParts {
  return {
    sink: 'siem',
    log,
    clock,
    logger: silent,
    schemas,
    schemaId: 5,
    dispatcher,
    shelf: {
      settledTo: async () => undefined,
      marksBefore: async () => new Map(),
      page: () => Promise.reject(new Error('nothing is stored')),
    },
    from: 'topic',
    ready: Promise.resolve(),
    view: openView('clear', Buffer.alloc(32)),
    counted() {},
  };
}

/** Runs a lane until its receipts reach an offset. */
export async function runUntil(log: MemoryLog, offset: number, running: Lane): Promise<void> {
  const stop = new AbortController();
  const run = running.run(stop.signal);
  while (Math.max(0, ...(await receipts(log)).map(({ next }) => next)) < offset) {
    await Promise.race([run, new Promise((resolve) => setImmediate(resolve))]);
  }
  stop.abort();
  await run.catch(() => undefined);
}

export const ids = (first: number, next: number) => Array.from({ length: next - first }, (_, at) => `e${first + at}`);
