import { createHash, randomBytes } from 'node:crypto';
import avro from 'avsc';
import { newest } from '../../../services/codec/schemas.ts';
import type { AuditEvent, Draft } from '../../../services/core/event.ts';
import { eventId } from '../../../services/core/origin.ts';
import type { Identify } from '../../../services/identity/resolve.ts';
import type { MaskedDraft } from '../../../services/privacy/draft.ts';
import { classify, type RetentionRules } from '../../../services/retention/classify.ts';
import { EMPTY } from './empty.ts';

/** Where a message stands on the raw topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly receivedAt: Date;
}

export interface Around {
  readonly mask: (raw: Draft) => MaskedDraft;
  readonly identify: Identify;
  readonly retention: RetentionRules;
  now(): Date;
}

export interface Event {
  readonly event: AuditEvent;
  readonly leaf: Buffer;
  readonly content: string;
  readonly contentSalt: Buffer;
}

export function eventOf(draft: Draft, place: Place, { mask, identify, retention, now }: Around): Event {
  const { draft: masked, secrets, classes } = mask(draft);
  const { claims, content: said, attributes, personal_attributes, ...columns } = masked;
  const [receivedAt, ingestedAt] = [place.receivedAt.getTime() * 1000, now().getTime() * 1000];
  const origin = { epoch: 0, topic: place.topic, partition: place.partition, offset: place.offset, ordinal: 0 };
  const id = eventId(origin);
  const where = { session: columns.session_id ?? '', device: '', host: '', at: receivedAt, now: ingestedAt };
  const actor = identify(claims, 'verified', where);
  const occurredAt = columns.occurred_at ?? receivedAt;
  const content = JSON.stringify(said);
  const contentSalt = randomBytes(16);
  const event: AuditEvent = {
    ...EMPTY,
    ...Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)),
    ...actor,
    ...classify(
      {
        ...{ occurredAt, receivedAt, topic: place.topic, format: 'litellm', region: columns.region ?? '' },
        ...{ surface: columns.surface ?? '', team: actor.actor_team, project: actor.actor_project },
        dataClasses: classes,
      },
      retention,
    ),
    event_id: id,
    schema_version: 1,
    origin_epoch: 0,
    origin_topic: place.topic,
    origin_partition: place.partition,
    origin_offset: place.offset,
    origin_ordinal: 0,
    origin_count: 1,
    retry_of: '',
    occurred_at: occurredAt,
    occurred_basis: 'source',
    received_at: receivedAt,
    ingested_at: ingestedAt,
    format: 'litellm',
    action: masked.action,
    outcome: masked.outcome,
    severity: masked.outcome === 'denied' ? 'medium' : masked.outcome === 'failure' ? 'low' : 'info',
    attributes: inOrder(attributes),
    personal_attributes: inOrder(personal_attributes),
    content_commitment: sha256(contentSalt, content),
    content_bytes: Buffer.byteLength(content),
    data_classes: classes,
    secrets_masked: secrets,
    personal_salt: randomBytes(16),
  };
  return { event, leaf: leafOf(event), content, contentSalt };
}

const inOrder = (map: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const schema: { readonly fields: readonly { readonly name: string; readonly part: string }[] } = JSON.parse(
  newest('audit-event').json,
);
const [open, personal] = ['public', 'personal'].map((part) =>
  avro.Type.forSchema(
    JSON.parse(
      JSON.stringify({
        ...schema,
        name: `Naive_${part}`,
        fields: schema.fields.filter((field) => field.part === part),
      }),
    ),
  ),
);

/** SHA-256(0x00 ‖ public ‖ SHA-256(salt ‖ personal)). */
function leafOf(event: AuditEvent): Buffer {
  if (open === undefined || personal === undefined) throw new TypeError('a schema without parts');
  return sha256(Buffer.from([0]), open.toBuffer(event), sha256(event.personal_salt, personal.toBuffer(event)));
}

function sha256(...pieces: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
