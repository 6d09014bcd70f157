import { createHash } from 'node:crypto';

/** Where in the raw log an event comes from. `ordinal` counts the events of one message from 0. */
export interface Origin {
  /** Counts re-creations of the raw log; opened by an operator, 0 to 255. */
  readonly epoch: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly ordinal: number;
}

/** The raw partition an event comes from, as the key of a watermark: `epoch/topic/partition`. */
export function lineage(origin: Pick<Origin, 'epoch' | 'topic' | 'partition'>): string {
  return `${origin.epoch}/${origin.topic}/${origin.partition}`;
}

/** A topic's 16-bit number inside an event id. Two topics of one installation must not share it. */
export function topicNumber(topic: string): number {
  const known = numbers.get(topic);
  if (known !== undefined) return known;
  const number = createHash('sha256').update(topic).digest().readUInt16BE(0);
  if (numbers.size < TOPICS) numbers.set(topic, number);
  return number;
}

/** Numbers of topics, asked for with each event; more topics than an installation has are not remembered. */
const numbers = new Map<string, number>();
const TOPICS = 1_000;

const LIMIT = { epoch: 2 ** 8, partition: 2 ** 16, offset: 2 ** 53, ordinal: 2 ** 24 } as const;

/**
 * UUIDv8 (RFC 9562, 5.8) of an origin, a pure function of it: 8 bits epoch, 16 topic number, 16 partition, 58 offset,
 * 24 ordinal around the version and variant bits. Without big integers, which took longer than the rest of an event's
 * columns together: its twin is in the test.
 */
export function eventId(origin: Origin): string {
  const { epoch, topic, partition, offset, ordinal } = origin;
  for (const part of ['epoch', 'partition', 'offset', 'ordinal'] as const) {
    const value = origin[part];
    if (!Number.isSafeInteger(value) || value < 0 || value >= LIMIT[part])
      throw new RangeError(`${part} ${value} does not fit an event id`);
  }
  const high = Math.floor(offset / 2 ** 38);
  // Of the 38 lowest bits of the offset 14 stand behind the variant bits, then 24.
  const low = offset - high * 2 ** 38;
  const middle = Math.floor(low / 2 ** 24);
  return (
    `${hex(epoch, 2)}${hex(topicNumber(topic), 4)}${hex(partition >> 8, 2)}-${hex(partition & 0xff, 2)}` +
    `${hex(high >> 12, 2)}-8${hex(high & 0xfff, 3)}-${hex(0x8000 | middle, 4)}-` +
    `${hex(low - middle * 2 ** 24, 6)}${hex(ordinal, 6)}`
  );
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export interface ReadOrigin extends Omit<Origin, 'topic'> {
  readonly topicNumber: number;
}

/** Reads an event id back; undefined when it is not one. */
export function readEventId(id: string): ReadOrigin | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  const [a, b, c] = [bits >> 80n, (bits >> 64n) & 0xfffn, bits & 0x3fffffffffffffffn];
  return {
    epoch: Number(a >> 40n),
    topicNumber: Number((a >> 24n) & 0xffffn),
    partition: Number((a >> 8n) & 0xffffn),
    offset: Number(((a & 0xffn) << 50n) | (b << 38n) | (c >> 24n)),
    ordinal: Number(c & 0xffffffn),
  };
}

/** How far a raw partition has been taken: everything up to and including this event. */
export interface Watermark {
  readonly offset: number;
  readonly ordinal: number;
}

/** Whether an event of a raw partition is beyond what was already taken. */
export function isBeyond(event: Watermark, taken: Watermark | undefined): boolean {
  if (taken === undefined) return true;
  return event.offset > taken.offset || (event.offset === taken.offset && event.ordinal > taken.ordinal);
}
