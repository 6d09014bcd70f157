import type { Envelope } from '../../core/log.ts';

/** Header of a message that retries a quarantined one: the quarantine id, as text. */
export const RETRY_HEADER = 'trailhouse-retry-of';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The quarantine id of what a message retries; empty where it retries nothing. */
export function retryOf({ headers }: Pick<Envelope, 'headers'>): string {
  const header = headers[RETRY_HEADER];
  const id = header === undefined ? '' : Buffer.from(header).toString();
  return ID.test(id) ? id : '';
}
