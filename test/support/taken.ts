import { COLUMN_KINDS } from '../../services/codec/event-columns.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import { event } from './event.ts';

const isColumn = (name: string): name is keyof AuditEvent => Object.hasOwn(COLUMN_KINDS, name);
const NAMES = Object.keys(COLUMN_KINDS).filter(isColumn);

/** An event for keeps: what is read of a datum is gone with the next. */
export const taken = (row: AuditEvent): AuditEvent =>
  Object.assign(event({}), Object.fromEntries(NAMES.map((name) => [name, row[name]])));
