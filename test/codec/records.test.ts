import { expect, test } from 'vitest';
import { accounting, content, delivery, quarantine, rawMessage } from '../../services/codec/records.ts';

const micros = Date.UTC(2026, 5, 15) * 1000;
const origin = { origin_epoch: 0, origin_topic: 'gateway.events', origin_partition: 2, origin_offset: 7 };
const { origin_offset: _, ...lineage } = origin;
const id = '00a1b200-0000-8000-8000-000000000007';
const kept = { retention_class: 'soc2', retention_bucket: 20_619, retain_until: micros };

test.each([
  [
    'content',
    content,
    {
      event_id: id,
      ...origin,
      origin_ordinal: 0,
      occurred_at: micros,
      ...kept,
      content_salt: Buffer.alloc(16),
      content: '{}',
    },
  ],
  [
    'quarantine',
    quarantine,
    {
      quarantine_id: id,
      ...origin,
      received_at: micros,
      quarantined_at: micros,
      reason: 'byte 3: is not UTF-8',
      bytes: 12,
      retry_of: '',
      retention_bucket: 20_619,
      retain_until: micros,
      key_id: 'quarantine-2026-06-15',
      sealed: Buffer.from('sealed'),
    },
  ],
  [
    'accounting',
    accounting,
    {
      ...lineage,
      first: 0,
      next: 5,
      accepted: 4,
      skipped: 1,
      quarantined: 0,
      absent: 0,
      events: 4,
      exceptions: [{ offset: 3, count: 1, outcome: 'skipped', events: 0, reason: 'no events' }],
      settled_at: micros,
    },
  ],
  [
    'delivery',
    delivery,
    {
      sink: 'splunk',
      audit_partition: 0,
      first: 0,
      next: 9,
      replay: '',
      delivered: 8,
      buried: 1,
      filtered: 0,
      diverted: 0,
      uncertain: 0,
      redelivered: 0,
      absent: 0,
      exceptions: [{ offset: 4, count: 1, outcome: 'buried', event_id: id, reason: 'HEC 6' }],
      state: 'parked',
      state_reason: 'HEC 4',
      settled_at: micros,
    },
  ],
] as const)('a %s record reads back as it was written', (_name, codec, record) => {
  const { encode, decode } = codec as { encode(record: unknown): Buffer; decode(bytes: Uint8Array): unknown };
  expect({ ...(decode(encode(record)) as object) }).toMatchObject(record);
});

test('a quarantined message keeps key, headers and value', () => {
  const message = { key: Buffer.from('k'), headers: { a: Buffer.of(0, 255) }, value: Buffer.of(1, 2, 3) };
  expect({ ...rawMessage.decode(rawMessage.encode(message)) }).toEqual(message);
  expect(rawMessage.decode(rawMessage.encode({ ...message, key: null })).key).toBeNull();
});
