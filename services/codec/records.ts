import avro from 'avsc';
import type { AuditAccounting, AuditContent, AuditDelivery, AuditQuarantine } from '../core/records.generated.ts';
import { newest, type RecordName } from './schemas.ts';

/** A record as bytes. Encoding rejects a record that does not fit its schema by naming the field. */
export interface Codec<T> {
  encode(record: T): Buffer;
  decode(bytes: Uint8Array): T;
}

/** What is sealed of a quarantined message. */
export interface RawMessage {
  readonly key: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
  readonly value: Uint8Array;
}

export const content: Codec<AuditContent> = codec('audit-content');
export const quarantine: Codec<AuditQuarantine> = codec('audit-quarantine');
export const accounting: Codec<AuditAccounting> = codec('audit-accounting');
export const delivery: Codec<AuditDelivery> = codec('audit-delivery');

export const rawMessage: Codec<RawMessage> = codecOf(
  avro.Type.forSchema({
    type: 'record',
    name: 'RawMessage',
    fields: [
      { name: 'key', type: ['null', 'bytes'] },
      { name: 'headers', type: { type: 'map', values: 'bytes' } },
      { name: 'value', type: 'bytes' },
    ],
  }),
);

function codec<T>(name: RecordName): Codec<T> {
  return codecOf(avro.Type.forSchema(JSON.parse(newest(name).json)));
}

function codecOf<T>(type: avro.Type): Codec<T> {
  return { encode: (record) => encode(type, record), decode: (bytes) => type.fromBuffer(Buffer.from(bytes)) };
}

/** The field's path, without the value that avsc's own errors quote. */
export function encode(type: avro.Type, record: unknown): Buffer {
  try {
    return type.toBuffer(record);
  } catch (error) {
    const places: string[] = [];
    type.isValid(record, { errorHook: (path, _, at) => places.push(`${path.join('.')}: not ${at.typeName}`) });
    if (places[0] === undefined) throw error;
    throw new TypeError(places[0]);
  }
}
