import type { RecordName } from '../codec/schemas.ts';
import type { Column } from './columns.ts';

/** A table the archive fills from one audit topic. */
export interface Table {
  readonly topic: string;
  readonly name: string;
  readonly record: RecordName;
  /** Columns for where on the topic a row came from: its partition (Int32) and offset (Int64). */
  readonly place: { readonly partition: string; readonly offset: string };
  /** The table's partition key, over its columns. */
  readonly partitionKey: string;
}

const AUDIT_PLACE = { partition: 'audit_partition', offset: 'audit_offset' } as const;

export const TABLES = {
  'audit.events': {
    topic: 'audit.events',
    name: 'audit.events',
    record: 'audit-event',
    place: AUDIT_PLACE,
    partitionKey: '(retention_class, retention_bucket)',
  },
  'audit.content': {
    topic: 'audit.content',
    name: 'audit.content',
    record: 'audit-content',
    place: AUDIT_PLACE,
    partitionKey: '(retention_class, retention_bucket)',
  },
  'audit.quarantine': {
    topic: 'audit.quarantine',
    name: 'audit.quarantine',
    record: 'audit-quarantine',
    place: AUDIT_PLACE,
    partitionKey: 'retention_bucket',
  },
  'audit.accounting': {
    topic: 'audit.accounting',
    name: 'audit.accounting',
    record: 'audit-accounting',
    place: AUDIT_PLACE,
    partitionKey: 'toYYYYMM(settled_at)',
  },
  /** A receipt has an audit_partition of its own: the one it speaks of. */
  'audit.deliveries': {
    topic: 'audit.deliveries',
    name: 'audit.deliveries',
    record: 'audit-delivery',
    place: { partition: 'log_partition', offset: 'log_offset' },
    partitionKey: 'toYYYYMM(settled_at)',
  },
} as const satisfies Readonly<Record<string, Table>>;

export type ArchivedTopic = keyof typeof TABLES;

/** The two columns every archived row has beside its record's. */
export function placeColumns({ place }: Table): readonly Column[] {
  return [
    { name: place.partition, type: 'Int32' },
    { name: place.offset, type: 'Int64' },
  ];
}

/** The record's schema with the two fields the archive appends to each datum. */
export function placedSchema(schemaJson: string, { place }: Table): string {
  const schema: { readonly fields: readonly unknown[] } = JSON.parse(schemaJson);
  const appended = [
    { name: place.partition, type: 'int' },
    { name: place.offset, type: 'long' },
  ];
  return JSON.stringify({ ...schema, fields: [...schema.fields, ...appended] });
}
