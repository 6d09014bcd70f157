import { isTold, type Step } from '../../clickhouse/retention/steps.ts';
import type { Log } from '../../core/log.ts';
import type { Certificate } from '../../retention/certificate.ts';
import { record } from '../acts.ts';
import { OWN_TOPIC } from '../bindings.ts';
import { VERSION } from '../version.ts';
import type { RetainParts } from './parts.ts';

/** Brokers take messages of a megabyte by default. A certificate that names thousands of partitions is told by its digest alone. */
const LARGEST = 500_000;

interface Telling {
  readonly certificate: string;
  readonly sealed: string;
  readonly digest: string;
  readonly intended: Omit<Certificate, 'measured_gone_at' | 'ranges'>;
  /** Where the log ended before an earlier attempt to tell. */
  readonly since: string | undefined;
}

/**
 * Puts the certificate on the trail, once: where the log ends is written down first, so that after a crash one knows where to look
 * for an act that was told already.
 */
export async function tell(
  telling: Telling,
  { log, clock, clickhouse, signingKey }: Pick<RetainParts, 'log' | 'clock' | 'clickhouse' | 'signingKey'>,
  write: (step: Step, body: string) => Promise<void>,
): Promise<void> {
  const { certificate, since } = telling;
  if (since === undefined) await write('telling', String(await endOf(log)));
  else {
    const told = (await isTold(clickhouse.writer, certificate)) || (await isInLog(log, certificate, Number(since)));
    if (told) return write('told', 'before');
  }
  const { stored_in, retention_class, bucket, rows, kept } = telling.intended;
  const offset = await record(
    {
      action: 'retention.deleted',
      outcome: 'success',
      target: `${stored_in} ${retention_class}/${bucket}`,
      asker: { id: '', address: '', userAgent: `trailhouse/${VERSION}` },
      attributes: {
        certificate,
        stored_in,
        class: retention_class,
        bucket,
        rows,
        kept,
        digest: telling.digest,
        key: signingKey.id,
      },
      content: telling.sealed.length > LARGEST ? { filed_as: `${certificate}.json` } : { certificate: telling.sealed },
    },
    log,
    clock,
  );
  await write('told', String(offset));
}

async function endOf(log: Log): Promise<number> {
  const end = (await log.describe(OWN_TOPIC))?.partitions[0]?.end;
  if (end === undefined) throw new Error('the topic of own acts cannot be seen');
  return end;
}

async function isInLog(log: Log, certificate: string, since: number): Promise<boolean> {
  let found = false;
  const wanted = Buffer.from(certificate);
  await log.read(
    OWN_TOPIC,
    0,
    ({ records }) => {
      found ||= records.some(({ value }) => Buffer.from(value).includes(wanted));
    },
    since,
  );
  return found;
}
