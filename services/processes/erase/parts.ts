import type { ClickHouse } from '../../clickhouse/client.ts';
import type { Duty } from '../../clickhouse/retention/erasure/candidates.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Keys } from '../../privacy/keys.ts';
import type { SigningKey } from '../../retention/signing.ts';

export interface EraseParts {
  readonly clickhouse: ClickHouse;
  readonly log: Log;
  readonly keys: Keys;
  readonly signingKey: SigningKey;
  /** Directory of the signed certificates. */
  readonly certificates: string;
  /** What obliges to keep events as they are. */
  readonly duties: readonly Duty[];
  /** How long the audit topics keep what was appended to them. */
  readonly topicDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this run of this process in the journal. */
  readonly owner: string;
}

export const nowUs = (clock: Clock): number => clock.now().getTime() * 1000;
