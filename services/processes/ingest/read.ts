import type { Envelope } from '../../core/log.ts';
import type { Identify } from '../../identity/resolve.ts';
import type { MaskedDraft } from '../../privacy/draft.ts';
import type { RetentionRules } from '../../retention/classify.ts';
import type { Binding } from '../bindings.ts';
import { type Composed, compose } from './compose.ts';
import { type Judged, judge } from './judge.ts';
import type { Privacy } from './privacy.ts';
import { retryOf } from './retry.ts';

/** What surrounds the messages of a batch. */
export interface Reading {
  readonly binding: Binding;
  readonly retention: RetentionRules;
  readonly identify: Identify;
  /** Id of the schema that events are written with. */
  readonly ids: { readonly event: number };
  /** Key of the salts of a message. */
  saltKey(offset: number): Uint8Array;
  readonly privacy: Privacy;
  readonly now: Date;
  /** Told of a format that threw: a bug of ours, by its name and the error's class. */
  broken(format: string, error: string): void;
}

/** What became of one message. */
export type Read =
  | { readonly kind: 'accepted'; readonly composed: readonly Composed[] }
  /** Names of keys that have to be fetched first. */
  | { readonly kind: 'wanting'; readonly wanted: readonly string[] }
  | TurnedAway;

interface TurnedAway {
  readonly kind: 'skipped' | 'rejected';
  readonly reason: string;
}

/** A message whose events are masked. */
interface Masked {
  readonly kind: 'masked';
  readonly format: string;
  readonly drafts: readonly MaskedDraft[];
}

/** Messages that take a step together, and their bytes: what they were read into is held until the last step. */
const TOGETHER = { messages: 250, bytes: 2 * 1024 * 1024 } as const;

/**
 * What becomes of messages, in their order.
 *
 * Performance: a step is taken for many messages before the next one, so that its code and its tables are still in the
 * processor's caches. With all steps of one message before the next message, a batch took a quarter longer. The twin is a
 * batch of one.
 */
export function* readAll(
  envelopes: readonly Envelope[],
  around: Reading,
): Generator<readonly [Envelope, Read], undefined> {
  for (let from = 0, to = 0; from < envelopes.length; from = to) {
    to = endOfStretch(envelopes, from);
    const some = envelopes.slice(from, to);
    const masked = some.map((envelope) => judged(envelope, around)).map((one) => maskedOf(one, around));
    for (const [index, envelope] of some.entries()) {
      const one = masked[index];
      if (one !== undefined) yield [envelope, composed(one, envelope, around)];
    }
  }
}

/** One message at least, however large. */
function endOfStretch(envelopes: readonly Envelope[], from: number): number {
  let bytes = 0;
  for (const [index, { value }] of envelopes.slice(from, from + TOGETHER.messages).entries()) {
    bytes += value.length;
    if (index > 0 && bytes > TOGETHER.bytes) return from + index;
  }
  return Math.min(envelopes.length, from + TOGETHER.messages);
}

function judged({ value }: Envelope, around: Reading): Judged {
  const { encoding, formats } = around.binding;
  try {
    return judge(value, encoding, formats);
  } catch (error) {
    return failed(error, undefined, around);
  }
}

function maskedOf(one: Judged, around: Reading): Masked | TurnedAway {
  if (one.kind !== 'accepted') return one;
  const { format = '', drafts } = one;
  try {
    return { kind: 'masked', format, drafts: drafts.map((draft) => around.privacy.mask(draft)) };
  } catch (error) {
    return failed(error, format, around);
  }
}

function composed(one: Masked | TurnedAway, envelope: Envelope, around: Reading): Read {
  if (one.kind !== 'masked') return one;
  try {
    return composeAll(one, envelope, around);
  } catch (error) {
    return failed(error, one.format, around);
  }
}

/** Blamed on the format where one was found, otherwise on all that were asked. */
function failed(error: unknown, format: string | undefined, { binding, broken }: Reading): TurnedAway {
  const name = error instanceof Error ? error.name : 'unknown error';
  const place =
    error instanceof TypeError && /^[a-z_.0-9]+: not [a-z]+$/.test(error.message) ? `: ${error.message}` : '';
  broken(format ?? binding.formats.map((known) => known.name).join(','), name);
  return { kind: 'rejected', reason: `message: format ${format ?? ''} failed with ${name}${place}` };
}

function composeAll({ drafts, format }: Masked, envelope: Envelope, around: Reading): Read {
  const { topic, partition, offset } = envelope;
  const circumstances = {
    origin: { epoch: around.binding.epoch, topic, partition, offset },
    count: drafts.length,
    format,
    ceiling: around.binding.ceiling,
    receivedAt: envelope.receivedAt.getTime() * 1000,
    ingestedAt: around.now.getTime() * 1000,
    retryOf: retryOf(envelope),
    retention: around.retention,
    identify: around.identify,
    saltKey: around.saltKey(offset),
    privacy: around.privacy,
    eventSchema: around.ids.event,
  };
  const composed: Composed[] = [];
  const wanted: string[] = [];
  for (const [ordinal, draft] of drafts.entries()) {
    const one = compose(draft, ordinal, circumstances);
    if ('reason' in one) return { kind: 'rejected', reason: one.reason };
    if ('wanted' in one) wanted.push(one.wanted);
    else composed.push(one);
  }
  if (wanted.length > 0) return { kind: 'wanting', wanted };
  if (composed.length === 0) return { kind: 'skipped', reason: 'message: holds no events' };
  return { kind: 'accepted', composed };
}
