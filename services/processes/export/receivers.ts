import type { Schemas } from '../../codec/schemas.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Store } from '../../core/store.ts';
import { TOKEN_KEY } from '../../privacy/profile.ts';
import { record } from '../acts.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import { openKeyring, readSecret } from '../open.ts';
import { checkTarget, openOutbound } from '../outbound.ts';
import type { Part } from '../supervise.ts';
import { oldestMs } from './report.ts';
import type { SinkSettings } from './settings.ts';
import { exportParts } from './stage.ts';
import { openShelf } from './store.ts';

export interface ReceiverParts {
  readonly config: Config;
  readonly log: Log;
  readonly schemas: Schemas;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly asked: AbortSignal;
}

/** The lanes of all receivers in the configuration. */
export async function openReceivers(around: ReceiverParts): Promise<readonly Part[]> {
  const { config, log, schemas, store, metrics, logger, asked } = around;
  const tokenKey = await openKeyring(config).get(TOKEN_KEY);
  const shelf = openShelf(store, systemClock, logger, asked);
  const parts: Part[] = [];
  for (const [name, settings] of Object.entries(config.sinks)) {
    for (const [key, url] of targets(settings)) checkTarget(`sinks.${name}.${key}`, url, settings.insecure_http);
    const lane = await exportParts({
      name,
      settings,
      outbound: await openOutbound(settings.tls),
      log,
      schemas,
      shelf,
      tokenKey,
      clock: systemClock,
      logger,
      random: Math.random,
      secret: readSecret,
      alarm: (what, sink, reason) => tell(log, 'failure', what, sink, { reason }),
      count: { settled: metrics.settled, attempted: metrics.attempted },
    });
    if (settings.personal === 'clear') await tell(log, 'success', 'personal values in clear', name, {});
    metrics.exported(name, () => ({
      state: lane.lane.dispatcher.state().kind,
      oldestSeconds: oldestMs(lane.lane, systemClock.now().getTime()) / 1000,
    }));
    parts.push(...lane.parts);
  }
  return parts;
}

/** Every address in a receiver's settings, by its key. */
function targets(settings: SinkSettings): [string, string][] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    [value]
      .flat()
      .filter((one): one is string => typeof one === 'string' && /^https?:\/\//.test(one))
      .map((url): [string, string] => [key, url]),
  );
}

/** An act of the process itself: nobody asked for it. */
async function tell(
  log: Log,
  outcome: 'success' | 'failure',
  what: string,
  sink: string,
  more: Record<string, string>,
): Promise<void> {
  const asker = { id: '', address: '', userAgent: 'trailhouse export' };
  const act = {
    action: 'audit.act',
    outcome,
    target: `receiver ${sink}`,
    asker,
    attributes: { what, sink, ...more },
  } as const;
  await record(act, log, systemClock);
}
