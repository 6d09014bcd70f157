import { createHash, hash } from 'node:crypto';
import avro from 'avsc';
import type { AuditEvent } from '../core/event.ts';
import { encode } from './records.ts';
import { newest } from './schemas.ts';

/** An encoded event and the leaf the ledger holds for it. */
export interface Encoded {
  readonly datum: Buffer;
  readonly leaf: Buffer;
}

interface Field {
  readonly name: string;
  readonly part: 'public' | 'personal' | 'proof';
}

/** Length of the salt that ends a datum. */
const SALT = 16;

const { json } = newest('audit-event');
const schema: { readonly fields: readonly Field[] } & Record<string, unknown> = JSON.parse(json);
const whole = avro.Type.forSchema(JSON.parse(json));
const publicPart = part('public');
const personalPart = part('personal');

/**
 * An Avro record is its fields one after the other, and the schema has its public fields first, then the personal
 * part, then its salt: so the datum is the parts of the leaf put end to end, each encoded once.
 */
export function encodeEvent(event: AuditEvent): Encoded {
  const open = encode(publicPart, event);
  const personal = encode(personalPart, event);
  const datum = Buffer.concat([open, personal, event.personal_salt]);
  return { datum, leaf: leaf(open, innerHash(event.personal_salt, personal)) };
}

export function decodeEvent(datum: Uint8Array): AuditEvent {
  // A view, not a copy: avsc copies what it keeps.
  return whole.fromBuffer(Buffer.from(datum.buffer, datum.byteOffset, datum.byteLength));
}

/** The bytes that a leaf is made of. */
export interface EventParts {
  readonly open: Buffer;
  readonly personal: Buffer;
}

export const partsOf = (event: AuditEvent): EventParts => ({
  open: encode(publicPart, event),
  personal: encode(personalPart, event),
});

/** What takes the place of an event's personal part and salt when it is erased. */
export function personalHash(event: AuditEvent): Buffer {
  return innerHash(event.personal_salt, encode(personalPart, event));
}

/** The leaf of an event as it is stored; `left` is what took the place of a personal part that was erased. */
export function leafOf(event: AuditEvent, left: Uint8Array | undefined): Buffer {
  return leaf(encode(publicPart, event), left ?? personalHash(event));
}

/** SHA-256(0x00 ‖ public ‖ inner), the leaf hash of RFC 6962 over the public part and the hash of the personal one. */
function leaf(open: Uint8Array, inner: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(open).update(inner).digest();
}

/** SHA-256(salt ‖ personal): what is left of the personal part when it is erased. */
function innerHash(salt: Uint8Array, personal: Uint8Array): Buffer {
  if (salt.length !== SALT) throw new RangeError(`a personal salt has ${SALT} bytes`);
  return createHash('sha256').update(salt).update(personal).digest();
}

/** SHA-256(salt ‖ content). */
export function commit(salt: Uint8Array, content: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([salt, content]), 'buffer');
}

function part(name: Field['part']): avro.Type {
  const fields = schema.fields.filter((field) => field.part === name);
  return avro.Type.forSchema(JSON.parse(JSON.stringify({ ...schema, name: `AuditEvent_${name}`, fields })));
}
