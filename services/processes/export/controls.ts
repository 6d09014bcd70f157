import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Log, TopicSpec } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';

/** What operators asked of export lanes. Our own processes alone may write it; it is kept for ever and small. */
export const CONTROLS: TopicSpec = { name: 'trailhouse.controls', partitions: 1, retentionMs: -1 };

const replay = z.strictObject({
  kind: z.literal('replay'),
  id: z.uuid(),
  sink: z.string(),
  at: z.iso.datetime(),
  /** Window of occurred_at; texts as ClickHouse reads them. Empty: no bound. */
  from: z.string(),
  to: z.string(),
  /** Condition over `audit.trail`; empty: none. It was found to be one by whoever wrote it here, and is looked at again. */
  where: z.string(),
  /** These events and no others; empty: all. */
  ids: z.array(z.uuid()),
});

const control = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pause'), sink: z.string(), at: z.iso.datetime() }),
  z.strictObject({ kind: z.literal('resume'), sink: z.string(), at: z.iso.datetime() }),
  z.strictObject({
    kind: z.literal('skip'),
    id: z.uuid(),
    sink: z.string(),
    at: z.iso.datetime(),
    ids: z.array(z.uuid()),
    reason: z.string(),
  }),
  replay,
]);

export type Control = z.output<typeof control>;
export type Replay = z.output<typeof replay>;

export async function writeControl(log: Log, given: Control): Promise<void> {
  await log.create([CONTROLS]);
  await log.append(CONTROLS.name, 0, [{ value: Buffer.from(JSON.stringify(given)) }]);
}

/** How often it is looked whether there are new ones: the log is asked for its end and no more. */
const LOOK_MS = 2_000;

/**
 * Tells `heard` of every control there is and then of every new one, in order. The returned function resolves when the
 * signal aborts; `caughtUp` once those that were there at the start have been told.
 */
export function followControls(
  parts: { readonly log: Log; readonly clock: Clock; readonly logger: Logger },
  heard: (control: Control) => void,
): { readonly caughtUp: Promise<void>; run(signal: AbortSignal): Promise<void> } {
  const { log, clock, logger } = parts;
  const first = Promise.withResolvers<void>();
  let next = 0;

  async function look(): Promise<void> {
    const state = (await log.describe(CONTROLS.name))?.partitions[0];
    if (state === undefined || state.end <= next) return;
    const visit: Parameters<Log['read']>[2] = (batch) => {
      for (const { offset, value } of batch.records) {
        const read = control.safeParse(parse(value));
        if (read.success) heard(read.data);
        else logger.error({ topic: CONTROLS.name, offset }, 'a control cannot be read and is passed over');
      }
      next = batch.next;
    };
    await log.read(CONTROLS.name, 0, visit, next);
  }

  return {
    caughtUp: first.promise,
    async run(signal) {
      while (!signal.aborted) {
        await look().then(first.resolve, (error: unknown) => {
          logger.warn({ error: error instanceof Error ? error.name : '' }, 'controls cannot be read; trying again');
        });
        await clock.sleep(LOOK_MS, signal).catch(() => undefined);
      }
    },
  };
}

function parse(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString());
  } catch {
    return undefined;
  }
}
