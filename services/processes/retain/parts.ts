import type { ClickHouse } from '../../clickhouse/client.ts';
import type { Wait } from '../../clickhouse/retention/waits.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Verifier } from '../../ledger/note.ts';
import type { RetentionRules } from '../../retention/classify.ts';
import type { SigningKey } from '../../retention/signing.ts';

export interface RetainParts {
  readonly clickhouse: ClickHouse;
  readonly log: Log;
  readonly rules: RetentionRules;
  readonly signingKey: SigningKey;
  /** Directory of the signed certificates. */
  readonly certificates: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose checkpoints are believed: what they do not cover yet waits. Undefined where no ledger is kept. */
  readonly sealers?: readonly Verifier[] | undefined;
  /** Names this run of this process in the journal. */
  readonly owner: string;
}

/** What a pass has, beside: where it notes what has to stay. */
export interface PassParts extends RetainParts {
  readonly waits: Wait[];
}

export const nowUs = (clock: Clock): number => clock.now().getTime() * 1000;
