import type { ClickHouse, ReadLimits } from '../../clickhouse/client.ts';
import { clickhouseServer } from '../../console/clickhouse/index.ts';
import { systemClock } from '../clock.ts';
import type { Base } from '../parts.ts';
import { serve } from '../serve.ts';
import type { Part } from '../supervise.ts';
import { openQuestions } from './index.ts';
import { isLoopback } from './listening.ts';

/** What one question of a client may cost. Documents that are held whole are held to these bytes too. */
const CLIENT: ReadLimits = { seconds: 60, memoryBytes: 4 * 1024 ** 3, rows: 10_000_000, bytes: 256 * 1024 ** 2 };

/**
 * So many at once; others wait. In this process every question at work takes one of the four threads Node has for files and
 * names as well: the pipeline keeps the others.
 */
const AT_ONCE = { embedded: 2, server: 8 } as const;

/** How long a client may take none of its answer. */
const STALL_MS = 60_000;

/** The ClickHouse protocol, where the configuration has it listen. */
export async function questionParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const { config, log, metrics } = base;
  const { query: at } = config.listen;
  if (at === 'off') return [];
  const counter = await openQuestions({
    ...{ log, clock: systemClock, operators: config.operators, limits: CLIENT, count: metrics.queries },
    store: clickhouse.reader(CLIENT),
    streams: clickhouse.streams(CLIENT, AT_ONCE[config.clickhouse.driver]),
  });
  const server = clickhouseServer(counter, { open: isLoopback(at), stallMs: STALL_MS });
  return [await serve('query', server, at)];
}
