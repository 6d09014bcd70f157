import { setTimeout as wait } from 'node:timers/promises';
import type { Schemas } from '../../codec/schemas.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Sink, SinkKind, Tools } from '../../core/sink.ts';
import { type Dispatcher, openDispatcher } from '../../delivery/dispatch.ts';
import { sinks } from '../../sinks/index.ts';
import { ConfigError } from '../config-error.ts';
import type { Outbound } from '../outbound.ts';
import type { Part } from '../supervise.ts';
import { followControls } from './controls.ts';
import { exportLane, type Lane } from './lane.ts';
import { LEVELS, tellsLevel } from './level.ts';
import { type Archive, replays } from './replays.ts';
import { reportLane } from './report.ts';
import { leftOut, ownSettings, type SinkSettings } from './settings.ts';
import { parksOnSetup } from './setup.ts';
import type { Shelf } from './store.ts';
import { openView } from './view.ts';

export interface StageParts {
  readonly name: string;
  readonly settings: SinkSettings;
  readonly outbound: Outbound;
  readonly log: Log;
  readonly schemas: Schemas;
  readonly shelf: Shelf & Archive;
  /** Key of the tokens that stand for personal values. */
  readonly tokenKey: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  secret: Tools['secret'];
  alarm(what: string, sink: string, reason: string): Promise<void>;
  readonly count: {
    settled(sink: string, outcome: string, count: number): void;
    attempted(sink: string, kind: string): void;
  };
}

/** Everything one receiver needs: its lane, replays beside it, and who tells their state. */
export async function exportParts(
  parts: StageParts,
): Promise<{ readonly parts: readonly Part[]; readonly lane: Lane }> {
  const { name: sink, settings, log, clock, logger } = parts;
  const kind = kindOf(settings);
  const schemaId = (await parts.schemas.current('audit-delivery')).id;
  const view = openView(settings.personal, parts.tokenKey);
  const { filter } = settings;
  const paused = Promise.withResolvers<void>();
  const counted = (outcome: string, count: number) => parts.count.settled(sink, outcome, count);
  const shared = {
    ...{ sink, log, clock, logger, schemaId, view, counted },
    leftOut: filter === undefined ? undefined : (event: AuditEvent) => leftOut(event, filter),
  };
  const alarm = (what: string, reason: string) => parts.alarm(what, sink, reason);

  const opened = [open(parts, kind, false), open(parts, kind, true)] as const;
  const [live, again] = opened;
  let buriedInRow = 0;
  const lane = exportLane({
    ...shared,
    counted(outcome, count) {
      if (outcome === 'delivered') buriedInRow = 0;
      else if (outcome === 'buried') buriedInRow += count;
      counted(outcome, count);
    },
    schemas: parts.schemas,
    shelf: parts.shelf,
    dispatcher: live.dispatcher,
    note: live.note,
    from: settings.from,
    ready: paused.promise,
  });
  const errands = replays({
    ...shared,
    lane,
    archive: parts.shelf,
    dispatcher: again.dispatcher,
    alarm: (reason) => alarm('replay left', reason),
  });
  const controls = followControls({ log, clock, logger }, (control) => {
    if (control.sink !== sink) return;
    if (control.kind === 'pause') for (const { dispatcher } of opened) dispatcher.pause();
    else if (control.kind === 'resume') for (const { dispatcher } of opened) dispatcher.resume();
    else errands.ask(control);
  });
  controls.caughtUp.then(paused.resolve, paused.reject);

  const report = { sink, lane, clock, logger, alarm, buriedInRow: () => buriedInRow };
  return {
    lane,
    parts: [
      { name: `export ${sink}`, run: (signal) => lane.run(signal).finally(() => closeAll(opened)) },
      { name: `controls of ${sink}`, run: controls.run },
      { name: `replays to ${sink}`, run: errands.run },
      { name: `state of ${sink}`, run: (signal) => reportLane(report, signal) },
    ],
  };
}

interface Opened {
  readonly dispatcher: Dispatcher;
  note(): string;
}

function open(parts: StageParts, kind: SinkKind, replay: boolean): Opened {
  const { name, settings, outbound, clock, logger, random, secret, count } = parts;
  const { fetch, agent } = outbound;
  const limits = { ...kind.limits, concurrency: settings.concurrency ?? kind.limits.concurrency };
  const tools = { fetch, agent, clock, secret, replay };
  let note = '';
  const bare = opened(name, () => kind.open(ownSettings(settings), tools));
  const sink = tellsLevel(parksOnSetup(bare), (level) => {
    note = LEVELS[level];
    logger.info({ sink: name, level }, 'how far the receiver vouches for what it takes');
  });
  const dispatcher = openDispatcher({
    sink,
    limits,
    clock,
    random,
    changed() {},
    attempted: (answer) => count.attempted(name, answer),
    ...(sink.attemptMs === undefined ? {} : { attemptMs: sink.attemptMs }),
    ...(replay ? { rate: settings.replay_rate } : {}),
  });
  return { dispatcher, note: () => note };
}

/** What only the receiver's own code can see in its settings. */
function opened(name: string, open: () => Sink): Sink {
  try {
    return open();
  } catch (error) {
    throw new ConfigError(`sinks.${name}: ${error instanceof Error ? error.message : 'cannot be opened'}`);
  }
}

export function kindOf({ kind }: SinkSettings): SinkKind {
  const found = sinks.find(({ name }) => name === kind);
  if (found === undefined) throw new ConfigError(`no kind of receiver is named ${kind}`);
  return found;
}

const CLOSE_MS = 5_000;

/** Requests under way were aborted with the lane; a receiver that does not let go is left. */
async function closeAll(opened: readonly Opened[]): Promise<void> {
  const closing = Promise.all(opened.map(({ dispatcher }) => dispatcher.close()));
  await Promise.race([closing, wait(CLOSE_MS, undefined, { ref: false })]);
}
