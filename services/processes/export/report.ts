import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { LaneState } from '../../delivery/dispatch.ts';
import type { Lane } from './lane.ts';

export interface ReportParts {
  readonly sink: string;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Puts an alarm, or its end, on the trail. */
  alarm(what: 'lane parked' | 'lane stuck' | 'lane runs again', reason: string): Promise<void>;
}

const LOOK_MS = 5_000;
/** A receiver that asks to wait does so all the time; only what lasts is a state worth telling. */
const LASTING_MS = 30_000;
/** What lasts is told again, so that a look at the store tells a lane that stands still from one that is gone. */
const AGAIN_MS = 60_000;
/** A lane that settled nothing for so long, though something waits, is stuck. */
const STUCK_MS = 15 * 60_000;

type Told = LaneState['kind'] | 'stuck';

/** Tells the state of a lane: to the store by reports, to operators by alarms. A lane that makes no progress says so. */
export async function reportLane(parts: ReportParts, signal: AbortSignal): Promise<void> {
  const { clock } = parts;
  let told: Told = 'running';
  let toldAt = 0;
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = clock.now().getTime();
    const state = parts.lane.dispatcher.state();
    const kind = standing(parts, state, now);
    const isDue = kind !== told || (kind !== 'running' && now - toldAt >= AGAIN_MS);
    if (!isDue) continue;
    try {
      for (const shift of parts.lane.shifts().values()) await shift.report(state);
      if (kind !== told) await sound(parts, told, kind, state);
      told = kind;
      toldAt = now;
    } catch (error) {
      parts.logger.warn(
        { sink: parts.sink, error: name(error) },
        'the state of a lane could not be told; trying again',
      );
    }
  }
}

function standing({ lane }: ReportParts, state: LaneState, now: number): Told {
  if (state.kind === 'parked' || state.kind === 'paused') return state.kind;
  if (oldestMs(lane, now) > STUCK_MS) return 'stuck';
  return state.kind === 'retrying' && now - state.since.getTime() >= LASTING_MS ? 'retrying' : 'running';
}

/** How long the oldest undelivered event of a lane has waited in this process. */
export function oldestMs(lane: Lane, now: number): number {
  const waits = [...lane.shifts().values()].map(({ waitingSince }) => now - (waitingSince?.getTime() ?? now));
  return Math.max(0, ...waits);
}

async function sound({ sink, logger, alarm }: ReportParts, before: Told, kind: Told, state: LaneState): Promise<void> {
  const reason = 'reason' in state ? state.reason : '';
  if (kind === 'parked') {
    logger.error(
      { sink, reason },
      'a receiver turns us down for its setup: nothing is lost, nothing moves until it is mended',
    );
    await alarm('lane parked', reason);
  } else if (kind === 'stuck') {
    logger.error({ sink, reason, minutes: STUCK_MS / 60_000 }, 'a lane makes no progress');
    await alarm('lane stuck', reason);
  } else if (kind === 'retrying') {
    logger.warn({ sink, reason }, 'a receiver does not take events; trying again');
  } else if (before === 'parked' || before === 'stuck') {
    logger.info({ sink }, 'a lane runs again');
    await alarm('lane runs again', '');
  }
}

const name = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
