import { expect, test } from 'vitest';
import { commit, decodeEvent, encodeEvent } from '../../../services/codec/event.ts';
import { content as contentCodec } from '../../../services/codec/records.ts';
import { unframe } from '../../../services/codec/wire.ts';
import { readCarriage } from '../../../services/core/carriage.ts';
import type { Outgoing } from '../../../services/core/log.ts';
import { asSaid } from '../../../services/identity/resolve.ts';
import { privacyConfig } from '../../../services/privacy/config.ts';
import { type Binding, bind, DEFAULT_TOPICS } from '../../../services/processes/bindings.ts';
import { demoDay } from '../../../services/processes/demo/day.ts';
import { openPrivacy } from '../../../services/processes/ingest/privacy.ts';
import { type Settlement, settle } from '../../../services/processes/ingest/settle.ts';
import { classify, classifyContent } from '../../../services/retention/classify.ts';
import { retentionConfig } from '../../../services/retention/config.ts';
import { company } from '../../bench/corpus/company.ts';
import { supply } from '../../bench/corpus/supply.ts';

const day = Date.UTC(2026, 5, 15);
const now = new Date(day + 86_400_000);
const retention = retentionConfig.parse({ content_days: 30 });
const people = company(500);
const drawn = (['W1', 'W3', 'W4'] as const).flatMap((workload) =>
  supply(workload, people)
    .take(400)
    .messages.map(({ value, at }) => ({ topic: 'gateway.events', value, at: at.getTime() })),
);
const messages = Map.groupBy([...demoDay(day), ...drawn], ({ topic }) => topic);

function settled(binding: Binding): Settlement {
  const records = (messages.get(binding.topic) ?? []).map(({ value, at }, offset) => ({
    ...{ topic: binding.topic, partition: 0, offset, receivedAt: new Date(at) },
    ...{ key: undefined, headers: {}, value },
  }));
  const batch = { topic: binding.topic, partition: 0, first: 0, next: records.length, records };
  const made = settle(batch, {
    ...{ binding, retention, identify: asSaid, quarantineDays: 90, now },
    ids: { event: 1, content: 6, quarantine: 3, accounting: 4 },
    saltKey: () => Buffer.alloc(32, 1),
    sealing: { name: 'day', key: Buffer.alloc(32, 2) },
    privacy: openPrivacy(privacyConfig.parse({}), Buffer.alloc(32, 3)),
    broken: (format, error) => expect.unreachable(`${format} threw ${error}`),
  });
  if ('wants' in made) throw new Error('nothing is sealed here');
  return made;
}

const made = [...bind(DEFAULT_TOPICS).values()].map(settled);
const bodyOf = ({ value }: Outgoing): Uint8Array => unframe(value)?.body ?? value;
const events = made.flatMap((one) => one.events.map((record) => ({ record, event: decodeEvent(bodyOf(record)) })));
const byId = new Map(events.map(({ event }) => [event.event_id, event]));

test('every event of the demo day and of the workloads is what the slow ways make of it: bytes, leaf and class', () => {
  expect(events.length).toBeGreaterThan(10_000);
  for (const { record, event } of events) {
    const { datum, leaf } = encodeEvent(event);
    expect(datum.equals(bodyOf(record)), event.event_id).toBe(true);
    expect(record.headers?.leaf).toEqual(leaf);
    expect(event).toMatchObject(classify(basisOf(event), retention));
  }
});

test('so is its content, in blocks', () => {
  const blocks = made.flatMap(({ content }) => content);
  for (const block of blocks) {
    const body = bodyOf(block);
    let at = 0;
    for (const { bytes } of readCarriage(block.headers ?? {})?.entries ?? []) {
      const datum = body.subarray(at, at + bytes);
      at += bytes;
      const row = contentCodec.decode(datum);
      const event = byId.get(row.event_id);
      if (event === undefined) throw new Error(`content of no event ${row.event_id}`);
      expect(contentCodec.encode(row).equals(datum)).toBe(true);
      expect(event.content_commitment).toEqual(commit(row.content_salt, Buffer.from(row.content)));
      const { retention_reason, ...kept } = classifyContent(basisOf(event), retention);
      expect(row, retention_reason).toMatchObject(kept);
    }
    expect(at).toBe(body.length);
  }
});

const basisOf = (event: (typeof events)[number]['event']) => ({
  ...{ occurredAt: event.occurred_at, receivedAt: event.received_at, topic: event.origin_topic },
  ...{ format: event.format, region: event.region, surface: event.surface },
  ...{ team: event.actor_team, project: event.actor_project, dataClasses: event.data_classes },
});
