import { createHash } from 'node:crypto';
import avro from 'avsc';
import { expect, test } from 'vitest';
import { commit, decodeEvent, encodeEvent } from '../../services/codec/event.ts';
import { newest } from '../../services/codec/schemas.ts';
import { event } from '../support/event.ts';

test('a datum is what avsc makes of the whole schema', () => {
  const whole = avro.Type.forSchema(JSON.parse(newest('audit-event').json));
  const { datum } = encodeEvent(event({ action: 'file.write', file_paths: ['/a', '/b'], tokens_prompt: 7 }));
  expect(datum).toEqual(whole.toBuffer(whole.fromBuffer(datum)));
  expect(decodeEvent(datum).file_paths).toEqual(['/a', '/b']);
});

test('the leaf is SHA-256(0x00 ‖ public ‖ SHA-256(salt ‖ personal))', () => {
  const one = event({ actor_email: 'a@b.example' });
  const { datum, leaf } = encodeEvent(one);
  const inPublic = encodeEvent(event({ actor_email: '', personal_salt: one.personal_salt })).datum;
  const start = [...datum].findIndex((byte, index) => byte !== inPublic[index]) - 1;
  const [open, personal] = [datum.subarray(0, start), datum.subarray(start, -16)];
  const inner = createHash('sha256').update(one.personal_salt).update(personal).digest();
  expect(leaf).toEqual(createHash('sha256').update(Buffer.of(0)).update(open).update(inner).digest());
});

test('either part changes the leaf, and so does the salt', () => {
  const base = encodeEvent(event({})).leaf;
  for (const change of [{ outcome: 'denied' }, { actor_email: 'x@y.example' }, { personal_salt: Buffer.alloc(16, 9) }])
    expect(encodeEvent(event(change)).leaf).not.toEqual(base);
});

test('a field that does not fit is named, its value is not', () => {
  const bad = { ...event({}), tokens_prompt: Number.NaN };
  expect(() => encodeEvent(bad)).toThrow(/^tokens_prompt: not /);
});

test('a commitment is SHA-256(salt ‖ content)', () => {
  const salt = Buffer.alloc(16, 1);
  const digest = createHash('sha256').update(salt).update('words').digest();
  expect(commit(salt, Buffer.from('words'))).toEqual(digest);
});
