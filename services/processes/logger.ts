import pino from 'pino';
import type { Logger } from '../core/logger.ts';

/** JSON lines on stderr: stdout is for data. */
export function openLogger(level: string, role: string): Logger {
  const destination = pino.destination({ dest: 2, sync: true });
  return pino({ level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
