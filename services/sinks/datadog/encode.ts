import type { AuditEvent } from '../../core/event.ts';
import { cut } from './cut.ts';
import { logOf, type Stamp } from './log.ts';

/** The body of a request: an array of logs. Each becomes bytes on its own: one long text of all takes half as long again. */
export function encode(batch: readonly AuditEvent[], stamp: Stamp): Buffer<ArrayBuffer> {
  const pieces: Buffer[] = [];
  for (const event of batch) pieces.push(pieces.length === 0 ? OPENING : COMMA, cut(Buffer.from(logOf(event, stamp))));
  return Buffer.concat([...pieces, CLOSING]);
}

const [OPENING, COMMA, CLOSING] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
