import type { AuditEvent } from '../../core/event.ts';
import type { Page } from '../page.ts';
import { cut, MAX_LOG_BYTES } from './cut.ts';
import { putLog, type Stamp } from './log.ts';

const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

/** The body of a request: an array of logs, at least one. */
export function encode(events: Iterable<AuditEvent>, stamp: Stamp, page: Page): void {
  let before = OPEN;
  for (const event of events) {
    page.byte(before);
    before = COMMA;
    const start = page.length;
    putLog(page, event, stamp);
    if (page.length - start > MAX_LOG_BYTES) {
      const log = cut(page.written().subarray(start));
      page.cut(start);
      page.bytes(log);
    }
  }
  page.byte(CLOSE);
}
