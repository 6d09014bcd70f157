import { randomBytes } from 'node:crypto';
import { readJsonDocuments } from '../../codec/json.ts';
import type { Encoding, Format } from '../../core/format.ts';
import { formats } from '../../formats/index.ts';
import { asSaid } from '../../identity/resolve.ts';
import type { PrivacyConfig } from '../../privacy/config.ts';
import type { RetentionRules } from '../../retention/classify.ts';
import type { Bindings } from '../bindings.ts';
import { type Composed, compose } from '../ingest/compose.ts';
import { type Judged, judge } from '../ingest/judge.ts';
import { openPrivacy, type Privacy } from '../ingest/privacy.ts';
import { textLines } from './text-lines.ts';

export interface TryOptions {
  readonly topic?: string | undefined;
  readonly encoding?: Encoding | undefined;
}

/** What of a configuration decides what a message becomes. */
export interface Site {
  readonly bindings: Bindings;
  readonly privacy: PrivacyConfig;
  readonly retention: RetentionRules;
}

/** What a message is tried against. */
interface Against {
  readonly topic: string;
  readonly encodings: readonly Encoding[];
  readonly formats: readonly Format[];
  readonly ceiling: 'verified' | 'claimed';
  readonly privacy: Privacy;
  readonly retention: RetentionRules;
}

export type Tried =
  | {
      readonly kind: 'accepted';
      readonly format: string;
      readonly events: readonly Readonly<Record<string, unknown>>[];
    }
  | { readonly kind: 'skipped' | 'rejected'; readonly reason: string };

/**
 * One result per message of a JSON document, an array, JSON lines, lines of text, or an OTLP protobuf message. Reads with
 * the code of ingest and touches no store: salts are thrown away, ids count the messages from 0.
 */
export function tryMessages(
  bytes: Uint8Array,
  options: TryOptions,
  { bindings, privacy, retention }: Site,
  now: Date,
): readonly Tried[] {
  // Tokens of a trial join with no others.
  const rules = { privacy: openPrivacy(privacy, randomBytes(32)), retention };
  const against = { ...choose(options, bindings), ...rules };
  const messages = split(bytes, against.encodings);
  return messages.map((message, offset) =>
    'reason' in message ? { kind: 'rejected', reason: message.reason } : one(message.bytes, offset, against, now),
  );
}

/** Without a topic every format may detect, and the encoding is found out. */
function choose({ topic, encoding }: TryOptions, bindings: Bindings): Omit<Against, 'privacy' | 'retention'> {
  const bound = topic === undefined ? undefined : bindings.get(topic);
  const ceiling = bound?.ceiling ?? 'verified';
  return {
    topic: topic ?? 'try',
    encodings:
      encoding !== undefined
        ? [encoding]
        : bound !== undefined
          ? [bound.encoding]
          : ['json', 'otlp_json', 'otlp_proto', 'text'],
    formats: bound?.formats ?? formats,
    ceiling,
  };
}

type Message = { readonly bytes: Uint8Array } | { readonly reason: string };

function split(bytes: Uint8Array, encodings: readonly Encoding[]): readonly Message[] {
  if (encodings.length === 1 && encodings[0] === 'otlp_proto') return [{ bytes }];
  if (encodings.length === 1 && encodings[0] === 'text') return textLines(bytes);
  const documents = readJsonDocuments(bytes);
  const none = documents.every((document) => !document.ok);
  if (none && encodings.includes('otlp_proto') && judge(bytes, 'otlp_proto', protobuf).kind === 'accepted')
    return [{ bytes }];
  if (none && encodings.includes('text') && judge(bytes, 'text', text).format !== undefined) return textLines(bytes);
  return documents.map((document) =>
    document.ok ? { bytes: document.bytes } : { reason: `${document.place}: ${document.reason}` },
  );
}

const protobuf = formats.filter(({ encodings }) => encodings.includes('otlp_proto'));
const text = formats.filter(({ encodings }) => encodings.includes('text'));

function one(bytes: Uint8Array, offset: number, against: Against, now: Date): Tried {
  const judged = firstToTake(bytes, against);
  if (judged.kind !== 'accepted') return { kind: judged.kind, reason: judged.reason };

  const composed: Composed[] = [];
  for (const [ordinal, draft] of judged.drafts.entries()) {
    const event = compose(against.privacy.mask(draft), ordinal, {
      origin: { epoch: 0, topic: against.topic, partition: 0, offset },
      count: judged.drafts.length,
      format: judged.format ?? '',
      ceiling: against.ceiling,
      receivedAt: now.getTime() * 1000,
      ingestedAt: now.getTime() * 1000,
      retryOf: '',
      retention: against.retention,
      identify: asSaid,
      saltKey: randomBytes(32),
      privacy: against.privacy,
      eventSchema: 0,
    });
    if ('reason' in event) return { kind: 'rejected', reason: event.reason };
    if ('wanted' in event) throw new Error('nothing is sealed here');
    composed.push(event);
  }
  return { kind: 'accepted', format: judged.format ?? '', events: composed.map(shown) };
}

/** The first encoding some format accepts; otherwise what the first encoding a format knew said. */
function firstToTake(bytes: Uint8Array, { encodings, formats }: Against): Judged {
  let told: Judged | undefined;
  for (const encoding of encodings) {
    const readers = formats.filter((format) => format.encodings.includes(encoding));
    const judged = judge(bytes, encoding, readers);
    if (judged.kind === 'accepted') return judged;
    if (told === undefined || (told.format === undefined && judged.format !== undefined)) told = judged;
  }
  return told ?? { kind: 'rejected', reason: 'message: no format reads this encoding' };
}

/** The event for people: times as text, no salt, and the content beside it. */
function shown({ event, words }: Composed): Readonly<Record<string, unknown>> {
  const columns = Object.entries(event).filter(([name, value]) => name !== 'personal_salt' && !saysNothing(value));
  const readable = columns.map(([name, value]) => [name, readableValue(name, value)]);
  return { ...Object.fromEntries(readable), ...(words === undefined ? {} : { content: JSON.parse(words) }) };
}

const TIMES = new Set(['occurred_at', 'received_at', 'ingested_at', 'retain_until']);

function readableValue(name: string, value: unknown): unknown {
  if (TIMES.has(name) && typeof value === 'number') return new Date(value / 1000).toISOString();
  if (name === 'retention_bucket' && typeof value === 'number')
    return new Date(value * 86_400_000).toISOString().slice(0, 10);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

function saysNothing(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && !(value instanceof Uint8Array) && Object.keys(value).length === 0;
}
