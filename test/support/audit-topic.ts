import { encodeEvent } from '../../services/codec/event.ts';
import { delivery } from '../../services/codec/records.ts';
import { newest } from '../../services/codec/schemas.ts';
import { frame, unframe } from '../../services/codec/wire.ts';
import { carry } from '../../services/core/carriage.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Log, Outgoing } from '../../services/core/log.ts';
import type { AuditDelivery } from '../../services/core/records.generated.ts';

const EVENT = newest('audit-event').id;

/** An event as ingest writes it on `audit.events`. */
export function onTopic(event: AuditEvent): Outgoing {
  const { datum, leaf } = encodeEvent(event);
  const { origin_epoch: epoch, origin_topic: topic, origin_partition: partition } = event;
  const entry = {
    offset: event.origin_offset,
    ordinal: event.origin_ordinal,
    count: event.origin_count,
    bytes: datum.length,
    part: `${event.retention_class}/20260615`,
  };
  return {
    headers: { ...carry({ epoch, topic, partition }, [entry]), leaf },
    value: frame(EVENT, [datum]),
  };
}

/** Every receipt on the topic of a partition, in order. */
export async function receipts(log: Log, partition = 0): Promise<readonly AuditDelivery[]> {
  const found: AuditDelivery[] = [];
  await log.read('audit.deliveries', partition, ({ records }) => {
    for (const { value } of records) {
      const framed = unframe(value);
      if (framed !== undefined) found.push(delivery.decode(framed.body));
    }
  });
  return found;
}
