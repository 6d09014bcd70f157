import { unframe } from '../../codec/wire.ts';
import { readCarriage } from '../../core/carriage.ts';
import type { Envelope } from '../../core/log.ts';
import { isBeyond } from '../../core/origin.ts';
import { type Row, type Taken, type Took, type Unreadable, unreadable } from './take.ts';

/**
 * Events, content, quarantined messages: the index in the headers cuts the block into datums, and those beyond the
 * watermark of their raw partition are kept. The first copy wins.
 */
export function takeIndexed(record: Envelope, taken: Taken): Took | Unreadable {
  const framed = unframe(record.value);
  if (framed === undefined) return unreadable('no Confluent wire header');
  const carriage = readCarriage(record.headers);
  if (carriage === undefined) return unreadable('no origin and index in the headers');

  const rows: Row[] = [];
  let mark = taken.get(carriage.lineage);
  let at = 0;
  for (const { offset, ordinal, bytes, part } of carriage.entries) {
    const datum = framed.body.subarray(at, at + bytes);
    if (isBeyond({ offset, ordinal }, mark)) {
      rows.push({ datum, part });
      mark = { offset, ordinal };
    }
    at += bytes;
  }
  if (at !== framed.body.length)
    return unreadable(`the index speaks of ${at} bytes, the record holds ${framed.body.length}`);
  return {
    kind: 'took',
    schemaId: framed.schemaId,
    rows,
    reached: mark === undefined || rows.length === 0 ? undefined : { lineage: carriage.lineage, mark },
    redelivered: carriage.entries.length - rows.length,
    holes: 0,
  };
}
