import { accounting } from '../../codec/records.ts';
import { unframe } from '../../codec/wire.ts';
import type { Envelope } from '../../core/log.ts';
import { readRange, takeBeyond } from './range.ts';
import { type Taken, type Took, type Unreadable, unreadable } from './take.ts';
import { trimAccount } from './trim.ts';

/** Accounts of raw ranges: every raw offset is accounted for once. */
export function takeRange(record: Envelope, taken: Taken): Took | Unreadable {
  const framed = unframe(record.value);
  if (framed === undefined) return unreadable('no Confluent wire header');
  const range = readRange(record.headers);
  if (range === undefined || range.first === range.next) return unreadable('no origin and range in the headers');
  return takeBeyond(framed, range, taken, trimmed);
}

const trimmed = (datum: Uint8Array, first: number): Uint8Array =>
  accounting.encode(trimAccount(accounting.decode(datum), first));
