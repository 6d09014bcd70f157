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
  alarm(what: 'lane parked' | 'lane stuck' | 'lane buries' | 'lane runs again', reason: string): Promise<void>;
  /** Events buried since the receiver last took one. */
  buriedInRow(): number;
}

const LOOK_MS = 5_000;
/** A receiver that asks to wait does so all the time; only what lasts is a state worth telling. */
const LASTING_MS = 30_000;
/** What lasts is told again, so that a look at the store tells a lane that stands still from one that is gone. */
const AGAIN_MS = 60_000;
/** A lane that is well says so as well, more rarely: silence is that of a process that is gone. */
const WELL_MS = 300_000;
/** A lane that settled nothing for so long, though something waits, is stuck. */
const STUCK_MS = 15 * 60_000;
/** Events are bad one by one. A receiver that refuses so many and takes none is more likely the wrong one. */
const BURIES_ALL = 100;

type Told = LaneState['kind'] | 'stuck' | 'burying';

/** Tells the state of a lane: to the store by reports, to operators by alarms. A lane that makes no progress says so. */
export async function reportLane(parts: ReportParts, signal: AbortSignal): Promise<void> {
  const { clock } = parts;
  let told: Told = 'running';
  let toldAt = clock.now().getTime();
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = clock.now().getTime();
    const state = parts.lane.dispatcher.state();
    const kind = standing(parts, state, now);
    const isDue = kind !== told || now - toldAt >= (kind === 'running' ? WELL_MS : AGAIN_MS);
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

function standing({ lane, buriedInRow }: ReportParts, state: LaneState, now: number): Told {
  if (state.kind === 'parked' || state.kind === 'paused') return state.kind;
  if (buriedInRow() >= BURIES_ALL) return 'burying';
  if (oldestMs(lane, now) > STUCK_MS) return 'stuck';
  return state.kind === 'retrying' && now - state.since.getTime() >= LASTING_MS ? 'retrying' : 'running';
}

/** How long the oldest of what waits in a lane has waited in this process. */
export function oldestMs(lane: Lane, now: number): number {
  return Math.max(0, ...lane.waiting().map((since) => now - since.getTime()));
}

async function sound(parts: ReportParts, before: Told, kind: Told, state: LaneState): Promise<void> {
  const { sink, logger, alarm } = parts;
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
  } else if (kind === 'burying') {
    const buried = parts.buriedInRow();
    logger.error({ sink, buried }, 'a receiver refuses event after event and takes none: is it the right one?');
    await alarm('lane buries', `${buried} events in a row were refused`);
  } else if (kind === 'retrying') {
    logger.warn({ sink, reason }, 'a receiver does not take events; trying again');
  } else if (before === 'parked' || before === 'stuck' || before === 'burying') {
    logger.info({ sink }, 'a lane runs again');
    await alarm('lane runs again', '');
  } else if (before === 'retrying') logger.info({ sink }, 'a receiver takes events again');
}

const name = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
