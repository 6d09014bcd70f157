import { openContentWriter, type Said } from '../../codec/content-writer.ts';
import { openEventWriter, type Written } from '../../codec/event-writer.ts';
import { WIRE_HEADER } from '../../core/carriage.ts';
import type { AuditEvent, Draft, Outcome, Severity } from '../../core/event.ts';
import { eventId, type Origin } from '../../core/origin.ts';
import type { Actor } from '../../identity/attribute.ts';
import type { Identify } from '../../identity/resolve.ts';
import type { MaskedDraft } from '../../privacy/draft.ts';
import { saltsFor } from '../../privacy/salts.ts';
import type { RetentionRules } from '../../retention/classify.ts';
import { type Classes, classesOf } from '../../retention/remember.ts';
import { eventOf } from './columns.ts';
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
  /** Id of the schema that events are written with. */
  readonly eventSchema: number;
}

export interface Composed extends Written {
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

/** Memory for what is written, and no more: one event knows nothing of the other. */
const writeEvent = openEventWriter();
const contentWriter = openContentWriter();

/** A masked draft to its event: attributed, classed, salted, encoded, with its leaf. Pure. */
export function compose(masked: MaskedDraft, ordinal: number, around: Circumstances): Composed | Unfit | Wanting {
  const { draft, classes } = masked;
  const occurred = occurredAt(draft, around);
  if (typeof occurred === 'string') return { reason: occurred };
  const wild = wildNumber(draft);
  if (wild !== undefined) return { reason: `${wild}: not a number within 2^52` };

  const actor = actorOf(draft, around);
  const kept = keptOf(draft, actor, occurred.at, classes, around);
  const id = eventId({ ...around.origin, ordinal });
  const said = sayingOf(masked, around);
  const salts = saltsFor(around.saltKey, around.origin.offset, ordinal);
  const saying =
    said.words === undefined ? undefined : begin(said.words, id, ordinal, occurred.at, kept, salts.content, around);
  const event = eventOf(draft, actor, kept.event, {
    event_id: id,
    schema_version: SCHEMA_VERSION,
    origin_epoch: around.origin.epoch,
    origin_topic: around.origin.topic,
    origin_partition: around.origin.partition,
    origin_offset: around.origin.offset,
    origin_ordinal: ordinal,
    origin_count: around.count,
    retry_of: around.retryOf,
    occurred_at: occurred.at,
    occurred_basis: occurred.basis,
    received_at: around.receivedAt,
    ingested_at: around.ingestedAt,
    format: around.format,
    action: draft.action,
    outcome: draft.outcome,
    severity: draft.severity ?? severityOf(draft.outcome),
    content_commitment: saying?.commitment ?? null,
    content_bytes: bytesOf(said, saying),
    data_classes: classes,
    secrets_masked: masked.secrets,
    personal_salt: salts.personal,
  });
  const written = writeEvent(event, around.eventSchema);
  const size = written.value.length - WIRE_HEADER;
  if (size > LIMITS.event)
    return { reason: `event ${ordinal}: ${size} bytes without content are more than ${LIMITS.event}` };
  if (saying !== undefined && saying.bytes > LIMITS.content)
    return { reason: `event ${ordinal}: ${saying.bytes} bytes of content are more than ${LIMITS.content}` };

  const { part } = kept.event;
  if (saying === undefined) return { ...written, event, part, words: undefined, content: undefined };
  const sealed = said.policy === 'sealed' ? sealedFor(event, masked.original, around.privacy) : UNSEALED;
  if ('wanted' in sealed) return sealed;
  const datum = contentWriter.end(sealed.sealed, sealed.key_id);
  return { ...written, event, part, words: said.words, content: { datum, part: kept.content.part } };
}

function wildNumber(raw: Draft): string | undefined {
  const isWild = (value: number | null | undefined): boolean => value != null && !(Math.abs(value) <= LARGEST);
  const { tokens_prompt, tokens_completion, tokens_cache_read, tokens_cache_write, cost_micro_usd } = raw;
  const { latency_ms, time_to_first_token_ms, status_code } = raw;
  const counts = isWild(tokens_prompt) || isWild(tokens_completion) || isWild(tokens_cache_read);
  const others = isWild(tokens_cache_write) || isWild(cost_micro_usd) || isWild(status_code);
  if (!counts && !others && !isWild(latency_ms) && !isWild(time_to_first_token_ms)) return undefined;
  return Object.entries(raw).find(([, value]) => typeof value === 'number' && isWild(value))?.[0];
}

function actorOf(draft: Draft, { identify, ceiling, receivedAt, ingestedAt }: Circumstances): Actor {
  const { claims, session_id, device, host } = draft;
  const context = {
    session: session_id ?? '',
    device: device ?? '',
    host: host ?? '',
    at: receivedAt,
    now: ingestedAt,
  };
  return identify(claims, ceiling, context);
}

function keptOf(
  draft: Draft,
  actor: Actor,
  occurredAt: number,
  dataClasses: readonly string[],
  around: Circumstances,
): Classes {
  const basis = {
    occurredAt,
    receivedAt: around.receivedAt,
    topic: around.origin.topic,
    surface: draft.surface ?? '',
    team: actor.actor_team,
    project: actor.actor_project,
    format: around.format,
    region: draft.region ?? '',
    dataClasses,
  };
  return classesOf(basis, around.retention);
}

interface Saying {
  readonly policy: 'masked' | 'sealed' | 'none';
  /** JSON of the content as it is masked, whether it is kept or not. */
  readonly told: string | undefined;
  /** JSON of what is kept. */
  readonly words: string | undefined;
}

function sayingOf({ draft, original, classes }: MaskedDraft, around: Circumstances): Saying {
  const { content, surface = '' } = draft;
  if (content === undefined && original === undefined) return { policy: 'masked', told: undefined, words: undefined };
  const place = { topic: around.origin.topic, format: around.format, surface, classes };
  const policy = around.privacy.policy(place);
  const told = content === undefined ? undefined : JSON.stringify(content);
  // Sealed originals of columns need a row of content, though there be none.
  const words = policy === 'none' ? undefined : policy === 'sealed' && original !== undefined ? (told ?? '{}') : told;
  return { policy, told, words };
}

/** Of the content as it is masked: of what is kept it is known already. */
function bytesOf({ told, words }: Saying, kept: Said | undefined): number | null {
  if (told === undefined) return null;
  return kept !== undefined && words === told ? kept.bytes : Buffer.byteLength(told);
}

function begin(
  words: string,
  id: string,
  ordinal: number,
  occurredAt: number,
  { content }: Classes,
  salt: Uint8Array,
  { origin }: Circumstances,
): Said {
  const heading = {
    event_id: id,
    origin_epoch: origin.epoch,
    origin_topic: origin.topic,
    origin_partition: origin.partition,
    origin_offset: origin.offset,
    origin_ordinal: ordinal,
    occurred_at: occurredAt,
    retention_class: content.retention_class,
    retention_bucket: content.retention_bucket,
    retain_until: content.retain_until,
    content_salt: salt,
  };
  return contentWriter.begin(heading, words);
}

function sealedFor(event: AuditEvent, original: MaskedDraft['original'], privacy: Privacy): Sealed | Wanting {
  if (original === undefined) return UNSEALED;
  const { name, key } = privacy.sealing(event);
  // Whoever was erased is not sealed again: what is masked stays masked.
  if (key === 'destroyed') return UNSEALED;
  return key === undefined ? { wanted: name } : sealOriginal(original, event.event_id, name, key);
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
