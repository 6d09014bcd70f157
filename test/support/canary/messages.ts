import type { Format } from '../../../services/core/format.ts';
import type { Outgoing } from '../../../services/core/log.ts';
import { formats } from '../../../services/formats/index.ts';
import { DEFAULT_TOPICS } from '../../../services/processes/bindings.ts';
import { type Random, random } from '../../privacy/corpus/random.ts';
import { CREDENTIALS } from '../canaries.ts';
import { goldens } from '../goldens.ts';
import { fresh } from './fresh.ts';
import { placesOf } from './places.ts';
import { openSower, type Sown } from './sowing.ts';

/** What goes into the raw topics. */
export interface Load {
  readonly messages: readonly (Outgoing & { readonly topic: string; readonly format: string })[];
  readonly sown: readonly Sown[];
}

export interface Extent {
  /** Each deals the canaries anew. */
  readonly rounds: number;
  /** One golden in so many of a format; 1 takes all. */
  readonly every: number;
  readonly seed: number;
}

/** Goldens of every format with canaries in them, and some of these again as what nobody can read. */
export function load({ rounds, every, seed }: Extent, now: number): Load {
  const draw = random(seed);
  const sower = openSower(draw);
  const messages: Load['messages'][number][] = [];
  const sown: Sown[] = [];
  const cases = formats.flatMap((format) =>
    goldens(format)
      .filter((_, index) => index % every === 0)
      .map(({ wire }) => ({ format, wire: fresh(wire, now) })),
  );
  const known = cases.map((each) => ({ ...each, places: placesOf(each.format, each.wire) }));

  for (let round = 0; round < rounds; round++)
    for (const { format, wire, places } of known)
      for (const message of sower.sow(format, wire, places)) {
        const topic = topicOf(format, message.wire, draw);
        const around = surroundings(topic, draw);
        const { name } = format;
        messages.push({ topic, format: name, value: bytesOf(message.wire), ...around.record });
        sown.push(...message.sown, ...around.sown);
        const broken = brokenOf(bytesOf(message.wire), topic, draw);
        if (broken !== undefined) messages.push({ ...broken, format: name });
      }
  return { messages, sown };
}

const bytesOf = (wire: unknown): Buffer => Buffer.from(typeof wire === 'string' ? wire : JSON.stringify(wire));

/** One of the topics that take the format in this encoding. */
function topicOf(format: Format, wire: unknown, draw: Random): string {
  const encoding = typeof wire === 'string' ? 'text' : format.encodings.find(isJson);
  const topics = Object.entries(DEFAULT_TOPICS).filter(
    ([, topic]) => topic.formats.includes(format.name) && topic.encoding === encoding,
  );
  return draw.one(topics)[0];
}

const isJson = (encoding: string): boolean => encoding === 'json' || encoding === 'otlp_json';

/** What Kafka carries beside the message. */
function surroundings(
  topic: string,
  draw: Random,
): { readonly record: Partial<Outgoing>; readonly sown: readonly Sown[] } {
  const [key, header] = [draw.one(CREDENTIALS).make(draw), draw.one(CREDENTIALS).make(draw)];
  return {
    record: { key: Buffer.from(key.text), headers: { authorization: Buffer.from(header.text) } },
    sown: [
      { ...key, format: topic, path: '(key of the record)' },
      { ...header, format: topic, path: '(header of the record)' },
    ],
  };
}

/** One message in eight comes again as what nobody can read: cut, with a NUL, not UTF-8, or at a topic that does not know it. */
function brokenOf(
  value: Buffer,
  topic: string,
  draw: Random,
): { readonly topic: string; readonly value: Buffer } | undefined {
  const end = value.subarray(0, value.length - 1);
  switch (draw.below(32)) {
    case 0:
      return { topic, value: end };
    case 1:
      return { topic, value: Buffer.concat([end, Buffer.from('\0}')]) };
    case 2:
      return { topic, value: Buffer.concat([Buffer.from([0xff]), value]) };
    case 3:
      return { topic: topic === 'mcp.captures' ? 'endpoint.hooks' : 'mcp.captures', value };
    default:
      return undefined;
  }
}
