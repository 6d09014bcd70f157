import { createHash } from 'node:crypto';
import { countRecorded, recordedRows } from '../../clickhouse/retention/steps.ts';
import type { Store } from '../../core/store.ts';
import type { Certificate } from '../../retention/certificate.ts';
import { rangesFile } from '../../retention/ranges.ts';
import { writeWhole } from '../whole-file.ts';

/** Writes the certificate's file, whole or not at all. */
export const fileCertificate = (directory: string, id: string, text: string): Promise<void> =>
  writeWhole(directory, `${id}.json`, (file) => file.writeFile(text));

/** Ranges that are read from the store at a time. */
const PAGE = 100_000;

/** Writes the list of what a deletion takes beside its certificate, and answers how the certificate names it. */
export async function fileRanges(
  store: Store,
  directory: string,
  id: string,
  page = PAGE,
): Promise<NonNullable<Certificate['ranges']>> {
  const hash = createHash('sha256');
  const { accounts: count } = await countRecorded(store, id);
  await writeWhole(directory, rangesFile(id), async (file) => {
    for (let from = 0; from < count; from += page) {
      const lines = await recordedRows(store, id, from, page);
      hash.update(lines);
      await file.writeFile(lines);
    }
  });
  return { count, sha256: hash.digest('hex') };
}
