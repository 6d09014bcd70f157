import { commit, type Encoded, encodeEvent } from '../../codec/event.ts';
import { content as contentCodec } from '../../codec/records.ts';
import type { AuditEvent, Draft, Outcome, Severity } from '../../core/event.ts';
import { eventId, type Origin } from '../../core/origin.ts';
import type { Identify } from '../../identity/resolve.ts';
import type { MaskedDraft } from '../../privacy/draft.ts';
import { saltFor } from '../../privacy/seal.ts';
import { classify, classifyContent, partOf, type RetentionRules } from '../../retention/classify.ts';
import { EMPTY, fill } from './columns.ts';
import type { Privacy } from './privacy.ts';
import { type Sealed, sealOriginal, UNSEALED } from './sealing.ts';

/** Version of schemas/audit-event.avsc that this code writes. */
const SCHEMA_VERSION = 1;

/** Largest event and largest content one event may have; beyond, the message is quarantined. */
const LIMITS = { event: 1_000_000, content: 16_000_000 } as const;

/** Beyond, avsc writes a long with the wrong sign. */
const LARGEST = 2 ** 52;

/** Earliest time a source may claim: before, a clock was never set. */
const EARLIEST = Date.UTC(2010, 0, 1) * 1000;
/** How far ahead of the log's clock a source's may be. */
const AHEAD = 7 * 86_400_000_000;

/** What surrounds the drafts of one message. Times are microseconds since 1970. */
export interface Circumstances {
  readonly origin: Omit<Origin, 'ordinal'>;
  readonly count: number;
  readonly format: string;
  readonly ceiling: 'verified' | 'claimed';
  readonly receivedAt: number;
  readonly ingestedAt: number;
  readonly retryOf: string;
  readonly retention: RetentionRules;
  readonly identify: Identify;
  readonly saltKey: Uint8Array;
  readonly privacy: Privacy;
}

export interface Composed extends Encoded {
  readonly event: AuditEvent;
  readonly part: string;
  /** JSON of the content, masked. */
  readonly words: string | undefined;
  readonly content: { readonly datum: Buffer; readonly part: string } | undefined;
}

/** A draft that cannot become an event; the reason names the place. */
export interface Unfit {
  readonly reason: string;
}

/** A key that has to be fetched first. */
export interface Wanting {
  readonly wanted: string;
}

/** Draft to event: masked, attributed, classed, salted, encoded, with its leaf. Pure. */
export function compose(raw: Draft, ordinal: number, around: Circumstances): Composed | Unfit | Wanting {
  const occurred = occurredAt(raw, around);
  if (typeof occurred === 'string') return { reason: occurred };

  const wild = Object.entries(raw).find(([, value]) => typeof value === 'number' && !(Math.abs(value) <= LARGEST));
  if (wild !== undefined) return { reason: `${wild[0]}: not a number within 2^52` };

  const { draft, secrets, classes, original } = around.privacy.mask(raw);
  const { claims, content: said, attributes, personal_attributes, action, outcome, severity, ...columns } = draft;
  const origin = { ...around.origin, ordinal };
  const id = eventId(origin);
  const actor = around.identify(claims, around.ceiling, {
    session: columns.session_id ?? '',
    device: columns.device ?? '',
    host: columns.host ?? '',
    at: around.receivedAt,
    now: around.ingestedAt,
  });
  const basis = {
    occurredAt: occurred.at,
    receivedAt: around.receivedAt,
    topic: origin.topic,
    surface: columns.surface ?? '',
    team: actor.actor_team,
    project: actor.actor_project,
    format: around.format,
    region: columns.region ?? '',
    dataClasses: classes,
  };
  const kept = classify(basis, around.retention);
  const place = { topic: origin.topic, format: around.format, surface: columns.surface ?? '', classes };
  const policy = said === undefined && original === undefined ? 'masked' : around.privacy.policy(place);
  const told = said === undefined ? undefined : JSON.stringify(said);
  // Sealed originals of columns need a row of content, though there be none.
  const words = policy === 'none' ? undefined : policy === 'sealed' && original !== undefined ? (told ?? '{}') : told;
  const wordBytes = words === undefined ? undefined : Buffer.from(words);
  const contentSalt = saltFor(around.saltKey, id, 'content');

  const event: AuditEvent = {
    ...fill(EMPTY, { ...columns, attributes: sorted(attributes), personal_attributes: sorted(personal_attributes) }),
    ...actor,
    ...kept,
    event_id: id,
    schema_version: SCHEMA_VERSION,
    origin_epoch: origin.epoch,
    origin_topic: origin.topic,
    origin_partition: origin.partition,
    origin_offset: origin.offset,
    origin_ordinal: ordinal,
    origin_count: around.count,
    retry_of: around.retryOf,
    occurred_at: occurred.at,
    occurred_basis: occurred.basis,
    received_at: around.receivedAt,
    ingested_at: around.ingestedAt,
    format: around.format,
    action,
    outcome,
    severity: severity ?? severityOf(outcome),
    content_commitment: wordBytes === undefined ? null : commit(contentSalt, wordBytes),
    content_bytes: told === undefined ? null : Buffer.byteLength(told),
    data_classes: classes,
    secrets_masked: secrets,
    personal_salt: saltFor(around.saltKey, id, 'personal'),
  };
  const encoded = encodeEvent(event);
  if (encoded.datum.length > LIMITS.event)
    return { reason: `event ${ordinal}: ${encoded.datum.length} bytes without content are more than ${LIMITS.event}` };
  if (wordBytes !== undefined && wordBytes.length > LIMITS.content)
    return { reason: `event ${ordinal}: ${wordBytes.length} bytes of content are more than ${LIMITS.content}` };

  const part = partOf(kept.retention_class, kept.retention_bucket);
  if (words === undefined) return { ...encoded, event, part, words, content: undefined };
  const sealed = policy === 'sealed' ? sealedFor(event, original, around.privacy) : UNSEALED;
  if ('wanted' in sealed) return sealed;
  return { ...encoded, event, part, words, content: encodeContent(event, words, sealed, contentSalt, basis, around) };
}

function sealedFor(event: AuditEvent, original: MaskedDraft['original'], privacy: Privacy): Sealed | Wanting {
  if (original === undefined) return UNSEALED;
  const { name, key } = privacy.sealing(event);
  // Whoever was erased is not sealed again: what is masked stays masked.
  if (key === 'destroyed') return UNSEALED;
  return key === undefined ? { wanted: name } : sealOriginal(original, event.event_id, name, key);
}

function encodeContent(
  event: AuditEvent,
  words: string,
  { sealed, key_id }: Sealed,
  salt: Uint8Array,
  basis: Parameters<typeof classifyContent>[0],
  around: Circumstances,
): Composed['content'] {
  const kept = classifyContent(basis, around.retention);
  const datum = contentCodec.encode({
    event_id: event.event_id,
    origin_epoch: event.origin_epoch,
    origin_topic: event.origin_topic,
    origin_partition: event.origin_partition,
    origin_offset: event.origin_offset,
    origin_ordinal: event.origin_ordinal,
    occurred_at: event.occurred_at,
    retention_class: kept.retention_class,
    retention_bucket: kept.retention_bucket,
    retain_until: kept.retain_until,
    content_salt: salt,
    content: words,
    sealed,
    key_id,
    content_commitment: event.content_commitment,
  });
  return { datum, part: partOf(kept.retention_class, kept.retention_bucket) };
}

/** The source's time, or the log's where the source is silent; words when it cannot be true. */
function occurredAt(draft: Draft, around: Circumstances): { at: number; basis: 'source' | 'log' } | string {
  const { receivedAt, ingestedAt } = around;
  if (receivedAt < EARLIEST || receivedAt > ingestedAt + AHEAD)
    return 'message: the timestamp its producer gave the log is before 2010 or more than 7 days ahead';
  const at = draft.occurred_at;
  if (at === undefined) return { at: receivedAt, basis: 'log' };
  if (!Number.isSafeInteger(at) || at < EARLIEST)
    return 'occurred_at: before 2010, the clock of the source was not set';
  if (at > receivedAt + AHEAD) return 'occurred_at: more than 7 days after the log received it';
  return { at, basis: 'source' };
}

function severityOf(outcome: Outcome): Severity {
  if (outcome === 'denied') return 'medium';
  return outcome === 'failure' ? 'low' : 'info';
}

/** Maps are encoded in key order, so that a leaf can be reproduced from any store. */
function sorted(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
