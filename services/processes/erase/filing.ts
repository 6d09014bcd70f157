import { createHash } from 'node:crypto';
import { erasedEvents } from '../../clickhouse/retention/erasure/listed.ts';
import type { Store } from '../../core/store.ts';
import { erasedFile, erasedLine } from '../../retention/erased.ts';
import type { ErasureCertificate } from '../../retention/erasure.ts';
import { writeWhole } from '../whole-file.ts';

/** Events that are read from the store at a time. */
const PAGE = 10_000;

/** Writes the list of what an erasure takes beside its certificate, and answers how the certificate names it. */
export async function fileErased(
  store: Store,
  directory: string,
  certificate: string,
  page = PAGE,
): Promise<ErasureCertificate['list']> {
  const hash = createHash('sha256');
  let count = 0;
  await writeWhole(directory, erasedFile(certificate), async (file) => {
    for await (const events of erasedEvents(store, certificate, page)) {
      const lines = events.map(erasedLine).join('');
      hash.update(lines);
      count += events.length;
      await file.writeFile(lines);
    }
  });
  return { count, sha256: hash.digest('hex') };
}
