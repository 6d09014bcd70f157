import { delivery } from '../../codec/records.ts';
import { unframe } from '../../codec/wire.ts';
import type { Envelope } from '../../core/log.ts';
import { readRange, takeBeyond } from './range.ts';
import { type Taken, type Took, type Unreadable, unreadable } from './take.ts';
import { trimReceipt } from './trim.ts';

/**
 * Receipts of export lanes: every audit offset is receipted once by the lane of a sink and partition. What says nothing about
 * a range of it is kept as it is: the receipts of replays, and those that only tell the state of the lane.
 */
export function takeReceipt(record: Envelope, taken: Taken): Took | Unreadable {
  const framed = unframe(record.value);
  if (framed === undefined) return unreadable('no Confluent wire header');
  const { schemaId, body } = framed;
  const whole: Took = {
    kind: 'took',
    schemaId,
    rows: [{ datum: body, part: '' }],
    reached: undefined,
    redelivered: 0,
    holes: 0,
  };
  if (record.headers.replay !== undefined) return whole;
  const range = readRange(record.headers);
  if (range === undefined) return unreadable('neither origin and range nor a replay in the headers');
  return range.first === range.next ? whole : takeBeyond(framed, range, taken, trimmed);
}

const trimmed = (datum: Uint8Array, first: number): Uint8Array =>
  delivery.encode(trimReceipt(delivery.decode(datum), first));
