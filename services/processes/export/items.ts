import { partsOf } from '../../codec/event.ts';
import type { Schemas } from '../../codec/schemas.ts';
import { unframe } from '../../codec/wire.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Batch, Envelope } from '../../core/log.ts';
import { lineage, type Watermark } from '../../core/origin.ts';
import { type Heading, Headings } from './heading.ts';
import type { Item } from './shift.ts';
import type { View } from './view.ts';

/** The topic holds what ingest did not write: nothing can be said about it, so the lane stops. */
export class ForeignRecord extends Error {
  override readonly name = 'ForeignRecord';
}

/** The events of a batch. Decoded when they are opened and not before. */
export async function itemsOf(batch: Batch, schemas: Schemas): Promise<readonly Item[]> {
  const known = new Set<number>();
  const headings = new Headings();
  const items: Item[] = [];
  for (const record of batch.records) {
    const framed = unframe(record.value);
    if (framed === undefined) throw foreign(record, 'has no Confluent wire header');
    if (!known.has(framed.schemaId)) {
      if ((await schemas.byId(framed.schemaId))?.name !== 'audit-event')
        throw foreign(record, `has schema ${framed.schemaId}, which is no audit event's`);
      known.add(framed.schemaId);
    }
    items.push(itemOf(record, framed.body, headings));
  }
  return items;
}

function itemOf(record: Envelope, datum: Uint8Array, headings: Headings): Item {
  const heading = headings.read(record.headers);
  if (heading === undefined) throw foreign(record, 'does not carry the origin of one event');
  return new DatumItem(record.offset, heading, datum);
}

/** A class, for one is made of every event: it holds no closure. */
class DatumItem implements Item {
  readonly offset: number;
  readonly lineage: string;
  readonly mark: Watermark;
  readonly #datum: Uint8Array;

  constructor(offset: number, { lineage, mark }: Heading, datum: Uint8Array) {
    this.offset = offset;
    this.lineage = lineage;
    this.mark = mark;
    this.#datum = datum;
  }

  get bytes(): number {
    return this.#datum.length;
  }

  open(view: View): AuditEvent {
    return view.read(this.#datum);
  }
}

/** An event as it is stored, back in the bytes it was stored from: what waits to be delivered takes its size, and no more memory. */
export function storedItem(offset: number, event: AuditEvent): Item {
  const { origin_epoch: epoch, origin_topic: topic, origin_partition: partition } = event;
  const heading = {
    lineage: lineage({ epoch, topic, partition }),
    mark: { offset: event.origin_offset, ordinal: event.origin_ordinal },
  };
  const { open, personal } = partsOf(event);
  return new DatumItem(offset, heading, Buffer.concat([open, personal, event.personal_salt]));
}

const foreign = ({ topic, partition, offset }: Envelope, what: string): ForeignRecord =>
  new ForeignRecord(`${topic}/${partition}: the record at ${offset} ${what}`);
