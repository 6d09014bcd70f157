import { accounting as accountingCodec, quarantine as quarantineCodec, rawMessage } from '../../codec/records.ts';
import { frame } from '../../codec/wire.ts';
import { carry, type Entry, indexOf, WIRE_HEADER } from '../../core/carriage.ts';
import type { Batch, Envelope, Outgoing } from '../../core/log.ts';
import { eventId } from '../../core/origin.ts';
import type { AuditAccounting } from '../../core/records.generated.ts';
import { type Evidence, evidenceOf } from '../../identity/bindings.ts';
import { seal } from '../../privacy/seal.ts';
import { partOf } from '../../retention/classify.ts';
import { account, type Settled } from './accounting.ts';
import { blocks, type Piece } from './blocks.ts';
import { type Reading, readAll } from './read.ts';
import { MARK_HEADER } from './recall.ts';
import { mark } from './resume.ts';
import { retryOf } from './retry.ts';

const DAY_US = 86_400_000_000;

/** Ids of the schemas records are written with. */
export interface SchemaIds {
  readonly event: number;
  readonly content: number;
  readonly quarantine: number;
  readonly accounting: number;
}

export interface Surroundings extends Reading {
  readonly ids: SchemaIds;
  /** Key of the day, and its name, that seals what is quarantined. */
  readonly sealing: { readonly name: string; readonly key: Uint8Array };
  readonly quarantineDays: number;
}

/** What a raw batch becomes, ready to append in this order: content, quarantine, events, accounting. */
export interface Settlement {
  readonly content: readonly Outgoing[];
  readonly quarantine: readonly Outgoing[];
  readonly events: readonly Outgoing[];
  readonly accounting: Outgoing;
  /** What the records of `events` tell about who works where, in their order: all that is kept of them as objects. */
  readonly evidence: readonly Evidence[];
  readonly counts: Pick<AuditAccounting, 'accepted' | 'skipped' | 'quarantined' | 'absent' | 'events'>;
}

/** Keys of subjects that have to be fetched before the batch can be settled. */
export interface Wants {
  readonly wants: readonly string[];
}

/** Pure but for the nonce of a seal: the same batch gives the same events, leaves and accounts. */
export function settle(batch: Batch, around: Surroundings): Settlement | Wants {
  const { binding, ids, now } = around;
  const lineage = { epoch: binding.epoch, topic: batch.topic, partition: batch.partition };
  const carriage = carry(lineage, []);
  const origin = carriage.origin ?? Buffer.alloc(0);
  const settled = new Map<number, Settled>();
  const events: Outgoing[] = [];
  const evidence: Evidence[] = [];
  const pieces: Piece[] = [];
  const quarantined: Outgoing[] = [];
  const wants = new Set<string>();

  for (const [envelope, result] of readAll(batch.records, around)) {
    if (result.kind === 'wanting') for (const name of result.wanted) wants.add(name);
    else if (result.kind === 'accepted') {
      settled.set(envelope.offset, { outcome: 'accepted', events: result.composed.length });
      for (const one of result.composed) {
        evidence.push(evidenceOf(one.event));
        const place = { offset: envelope.offset, ordinal: one.event.origin_ordinal, count: result.composed.length };
        const entry: Entry = { ...place, bytes: one.value.length - WIRE_HEADER, part: one.part };
        events.push({ headers: { origin, index: indexOf(entry), leaf: one.leaf }, value: one.value });
        if (one.content !== undefined)
          pieces.push({
            entry: { ...place, bytes: one.content.datum.length, part: one.content.part },
            datum: one.content.datum,
          });
      }
    } else if (result.kind === 'skipped') {
      settled.set(envelope.offset, { outcome: 'skipped', reason: result.reason });
    } else {
      settled.set(envelope.offset, { outcome: 'quarantined', reason: result.reason });
      quarantined.push(quarantine(envelope, result.reason, around));
    }
  }

  if (wants.size > 0) return { wants: [...wants] };

  const range = { origin_epoch: binding.epoch, origin_topic: batch.topic, origin_partition: batch.partition };
  const record = account({ ...range, first: batch.first, next: batch.next }, settled, micros(now));
  return {
    content: blocks(pieces, lineage, ids.content),
    quarantine: quarantined,
    events,
    accounting: {
      headers: {
        ...carriage,
        range: Buffer.from(`${batch.first}:${batch.next}`),
        [MARK_HEADER]: Buffer.from(mark(batch, binding.epoch)),
      },
      value: frame(ids.accounting, [accountingCodec.encode(record)]),
    },
    evidence,
    counts: record,
  };
}

/** The whole message is sealed: it may hold the very secret that kept it from being read. */
function quarantine(envelope: Envelope, reason: string, around: Surroundings): Outgoing {
  const { epoch } = around.binding;
  const { topic, partition, offset, key, headers, value } = envelope;
  const id = eventId({ epoch, topic, partition, offset, ordinal: 0 });
  const bucket = Math.floor(micros(around.now) / DAY_US);
  const raw = rawMessage.encode({
    key: key === undefined ? null : Buffer.from(key),
    headers: Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, Buffer.from(bytes)])),
    value: Buffer.from(value),
  });
  const datum = quarantineCodec.encode({
    quarantine_id: id,
    origin_epoch: epoch,
    origin_topic: topic,
    origin_partition: partition,
    origin_offset: offset,
    received_at: Math.min(Math.max(micros(envelope.receivedAt), 0), micros(around.now)),
    quarantined_at: micros(around.now),
    reason,
    bytes: value.length,
    retry_of: retryOf(envelope),
    retention_bucket: bucket,
    retain_until: micros(around.now) + around.quarantineDays * DAY_US,
    key_id: around.sealing.name,
    sealed: Buffer.from(seal(around.sealing.key, raw, Buffer.from(id))),
  });
  const part = partOf('quarantine', bucket);
  const entry: Entry = { offset, ordinal: 0, count: 1, bytes: datum.length, part };
  return { headers: carry({ epoch, topic, partition }, [entry]), value: frame(around.ids.quarantine, [datum]) };
}

const micros = (date: Date): number => date.getTime() * 1000;
