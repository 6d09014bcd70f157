import { encodeEvent } from '../../services/codec/event.ts';
import { accounting, content } from '../../services/codec/records.ts';
import { newest } from '../../services/codec/schemas.ts';
import { frame } from '../../services/codec/wire.ts';
import { carry, type Entry } from '../../services/core/carriage.ts';
import type { Outgoing } from '../../services/core/log.ts';
import { eventId } from '../../services/core/origin.ts';
import type { AuditAccounting, AuditContent, AuditEvent, Exception } from '../../services/core/records.generated.ts';
import { event } from './event.ts';

/** Records of audit topics in the wire format of ingest, with ids of the repo's schemas. */

const MICROS_2026 = Date.UTC(2026, 0, 5) * 1000;
const DAY = 20_458;

export interface At {
  readonly partition?: number;
  readonly offset: number;
  readonly ordinal?: number;
  /** Day of the retention bucket, counted from the first. */
  readonly day?: number;
  /** Makes two copies of one event differ. */
  readonly text?: string;
}

const RAW = { epoch: 0, topic: 'gateway.events' } as const;

export function eventRecord(at: At): Outgoing {
  const { partition = 0, offset, ordinal = 0, day = 0 } = at;
  const datum = encodeEvent(auditEvent(at)).datum;
  const entry: Entry = { offset, ordinal, count: ordinal + 1, bytes: datum.length, part: `default/${day}` };
  return { headers: carry({ ...RAW, partition }, [entry]), value: frame(1, [datum]) };
}

/** One record of many datums, all of one raw partition. */
export function contentRecord(all: readonly At[]): Outgoing {
  const datums = all.map((at) => content.encode(auditContent(at)));
  const entries = all.map(({ offset, ordinal = 0, day = 0 }, index): Entry => {
    return { offset, ordinal, count: ordinal + 1, bytes: datums[index]?.length ?? 0, part: `default/${day}` };
  });
  return {
    headers: carry({ ...RAW, partition: all[0]?.partition ?? 0 }, entries),
    value: frame(newest('audit-content').id, datums),
  };
}

export function accountRecord(first: number, next: number, exceptions: readonly Exception[] = []): Outgoing {
  const listed = exceptions.reduce((sum, { count }) => sum + count, 0);
  const count = (outcome: string) =>
    exceptions.reduce((sum, one) => sum + (one.outcome === outcome ? one.count : 0), 0);
  const account: AuditAccounting = {
    origin_epoch: RAW.epoch,
    origin_topic: RAW.topic,
    origin_partition: 0,
    first,
    next,
    accepted: next - first - listed + count('accepted'),
    skipped: count('skipped'),
    quarantined: count('quarantined'),
    absent: count('absent'),
    events: next - first - listed + exceptions.reduce((sum, one) => sum + one.count * one.events, 0),
    exceptions,
    settled_at: MICROS_2026,
  };
  const headers = { ...carry({ ...RAW, partition: 0 }, []), range: Buffer.from(`${first}:${next}`) };
  return { headers, value: frame(4, [accounting.encode(account)]) };
}

function auditContent({ partition = 0, offset, ordinal = 0, day = 0, text = '' }: At): AuditContent {
  return {
    event_id: eventId({ ...RAW, partition, offset, ordinal }),
    origin_epoch: RAW.epoch,
    origin_topic: RAW.topic,
    origin_partition: partition,
    origin_offset: offset,
    origin_ordinal: ordinal,
    occurred_at: MICROS_2026,
    retention_class: 'default',
    retention_bucket: DAY + day,
    retain_until: MICROS_2026 * 2,
    content_salt: Buffer.alloc(16, 7),
    content: JSON.stringify({ prompt: text }),
    sealed: Buffer.alloc(0),
    key_id: '',
    content_commitment: null,
  };
}

function auditEvent({ partition = 0, offset, ordinal = 0, day = 0, text = '' }: At): AuditEvent {
  return event({
    event_id: eventId({ ...RAW, partition, offset, ordinal }),
    origin_topic: RAW.topic,
    origin_partition: partition,
    origin_offset: offset,
    origin_ordinal: ordinal,
    origin_count: ordinal + 1,
    occurred_at: MICROS_2026 + offset,
    action: 'shell.exec',
    actor_email: 'mara.lind@example.com',
    actor_groups: ['platform', 'on-call'],
    command: text,
    tokens_prompt: offset % 2 === 0 ? null : offset,
    guardrails: [
      {
        name: 'pii',
        provider: 'local',
        phase: 'pre',
        mode: '',
        verdict: 'pass',
        categories: ['email'],
        masked_count: 1,
      },
    ],
    content_commitment: Buffer.alloc(32, 3),
    attributes: { 'tool.version': '1.2' },
    retention_bucket: DAY + day,
    personal_salt: Buffer.alloc(16, 9),
  });
}
