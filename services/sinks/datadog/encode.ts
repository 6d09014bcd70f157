import type { AuditEvent } from '../../core/event.ts';
import type { Page } from '../page.ts';
import { cut, MAX_LOG_BYTES } from './cut.ts';
import { logOf, type Stamp } from './log.ts';

/** The body of a request: an array of logs. Each becomes bytes on its own: one long text of all takes half as long again. */
export function encode(batch: readonly AuditEvent[], stamp: Stamp, page: Page): void {
  let before = '[';
  for (const event of batch) {
    page.text(before);
    const start = page.length;
    page.text(logOf(event, stamp));
    if (page.length - start > MAX_LOG_BYTES) {
      const log = cut(page.written().subarray(start));
      page.cut(start);
      page.bytes(log);
    }
    before = ',';
  }
  page.text(']');
}
