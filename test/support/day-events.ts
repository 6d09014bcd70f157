import { decodeEvent } from '../../services/codec/event.ts';
import { quarantine } from '../../services/codec/records.ts';
import { unframe } from '../../services/codec/wire.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Envelope, Outgoing } from '../../services/core/log.ts';
import type { AuditQuarantine } from '../../services/core/records.generated.ts';
import { asSaid } from '../../services/identity/resolve.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { type Binding, bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { demoDay, lastDay } from '../../services/processes/demo/day.ts';
import type { Message } from '../../services/processes/demo/message.ts';
import { openPrivacy } from '../../services/processes/ingest/privacy.ts';
import { type Settlement, settle } from '../../services/processes/ingest/settle.ts';
import { retentionConfig } from '../../services/retention/config.ts';

/** The demo day as ingest makes it. */
export interface SettledDay {
  readonly events: readonly AuditEvent[];
  readonly quarantined: readonly AuditQuarantine[];
  readonly skipped: number;
  /** Events and content as the archive gets them. */
  readonly bytes: readonly Uint8Array[];
}

export function settledDay(now: Date): SettledDay {
  const messages = Map.groupBy(demoDay(lastDay(now)), ({ topic }) => topic);
  const made = [...bind(DEFAULT_TOPICS).values()].map((binding) => settled(binding, messages.get(binding.topic), now));
  const events = made.flatMap((one) => one.events);
  return {
    events: events.map(({ value }) => decodeEvent(bodyOf(value))),
    quarantined: made.flatMap((one) => one.quarantine.map(({ value }) => quarantine.decode(bodyOf(value)))),
    skipped: made.reduce((sum, { counts }) => sum + counts.skipped, 0),
    bytes: [...events, ...made.flatMap(({ content }) => content)].map(({ value }) => bodyOf(value)),
  };
}

/** The events alone, for what wants many that look like real ones. */
export const dayEvents = (now: Date): readonly AuditEvent[] => settledDay(now).events;

function settled(binding: Binding, messages: readonly Message[] = [], now: Date): Settlement {
  const records = messages.map(
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
    ids: { event: 1, content: 6, quarantine: 3, accounting: 4 },
    saltKey: () => Buffer.alloc(32, 1),
    sealing: { name: 'day', key: Buffer.alloc(32, 2) },
    quarantineDays: 90,
    identify: asSaid,
    privacy: openPrivacy(privacyConfig.parse({}), Buffer.alloc(32, 3)),
    now,
    broken(format, error) {
      throw new Error(`${format} threw ${error}`);
    },
  });
  if ('wants' in made) throw new Error('nothing is sealed here');
  return made;
}

function bodyOf(value: Outgoing['value']): Uint8Array {
  return unframe(value)?.body ?? value;
}
