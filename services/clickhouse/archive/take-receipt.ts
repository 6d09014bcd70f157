import { unframe } from '../../codec/wire.ts';
import type { Envelope } from '../../core/log.ts';
import { type Took, type Unreadable, unreadable } from './take.ts';

/** Receipts of export lanes: one datum a record, no raw partition behind it, every one kept. */
export function takeReceipt(record: Envelope): Took | Unreadable {
  const framed = unframe(record.value);
  if (framed === undefined) return unreadable('no Confluent wire header');
  const rows = [{ datum: framed.body, part: '' }];
  return { kind: 'took', schemaId: framed.schemaId, rows, reached: undefined, redelivered: 0, holes: 0 };
}
