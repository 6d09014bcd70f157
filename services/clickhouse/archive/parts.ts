import type { Schemas } from '../../codec/schemas.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { ClickHouse } from '../client.ts';
import type { ArchivedTopic } from '../tables.ts';
import type { Limits } from './cut.ts';

export interface ArchiveParts {
  readonly log: Log;
  readonly topic: ArchivedTopic;
  readonly clickhouse: ClickHouse;
  readonly schemas: Schemas;
  /** Consumer group; its offsets are for watching the lag, the journal says where to begin. */
  readonly group: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Names this run of this process: two archives must never share one. */
  readonly owner: string;
  readonly limits?: Limits | undefined;
}

/** Counts since the lane was made. What a crash made it do again is counted again. */
export interface ArchiveMetrics {
  readonly rows: number;
  readonly cuts: number;
  /** Datums dropped because an earlier copy was stored. */
  readonly redelivered: number;
  /** Accounts that begin beyond what was accounted for. */
  readonly holes: number;
  /** Attempts beyond the first, of anything asked of ClickHouse or the schema registry. */
  readonly retries: number;
  /** How often another archive was first. */
  readonly fenced: number;
}
