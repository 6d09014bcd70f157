import { decodeEvent } from '../../services/codec/event.ts';
import { unframe } from '../../services/codec/wire.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Envelope } from '../../services/core/log.ts';
import { bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { demoDay, lastDay } from '../../services/processes/demo/day.ts';
import { settle } from '../../services/processes/ingest/settle.ts';
import { retentionConfig } from '../../services/retention/config.ts';

/** The events of the demo day as ingest makes them, for what wants many that look like real ones. */
export function dayEvents(now: Date): readonly AuditEvent[] {
  const bindings = bind(DEFAULT_TOPICS);
  const messages = demoDay(lastDay(now));
  return [...bindings.values()].flatMap((binding) => {
    const records = messages
      .filter(({ topic }) => topic === binding.topic)
      .map(
        ({ value, at }, offset): Envelope => ({
          topic: binding.topic,
          partition: 0,
          offset,
          receivedAt: new Date(at),
          key: undefined,
          headers: {},
          value,
        }),
      );
    const batch = { topic: binding.topic, partition: 0, first: 0, next: records.length, records };
    const made = settle(batch, {
      binding,
      retention: retentionConfig.parse({}),
      ids: { event: 1, content: 2, quarantine: 3, accounting: 4 },
      saltKey: () => Buffer.alloc(32, 1),
      sealing: { name: 'day', key: Buffer.alloc(32, 2) },
      quarantineDays: 90,
      now,
      broken() {},
    });
    return made.events.map(({ value }) => decodeEvent(unframe(value)?.body ?? value));
  });
}
