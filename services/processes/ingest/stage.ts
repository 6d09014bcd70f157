import type { Schemas } from '../../codec/schemas.ts';
import type { Clock } from '../../core/clock.ts';
import {
  type Batch,
  endOf,
  type Log,
  LogLost,
  type Outgoing,
  type Position,
  type Settled,
  type Source,
} from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { topicNumber } from '../../core/origin.ts';
import { openBindings } from '../../identity/bindings.ts';
import type { IdentityConfig } from '../../identity/config.ts';
import type { Directory } from '../../identity/person.ts';
import { openIdentity } from '../../identity/resolve.ts';
import type { PrivacyConfig } from '../../privacy/config.ts';
import type { Keys } from '../../privacy/keys.ts';
import { TOKEN_KEY } from '../../privacy/profile.ts';
import type { RetentionRules } from '../../retention/classify.ts';
import { auditPartition, type Binding, type Bindings, OWN_TOPIC } from '../bindings.ts';
import { openLearning, type Place } from './learn.ts';
import { openPrivacy, type Privacy } from './privacy.ts';
import { openRecall } from './recall.ts';
import { type Beginning, begin, mark, recognise } from './resume.ts';
import { type SchemaIds, type Settlement, type Surroundings, settle } from './settle.ts';
import { openSubjects, type Subjects } from './subjects.ts';

export interface IngestParts {
  readonly log: Log;
  readonly bindings: Bindings;
  /** Partitions every audit topic has. */
  readonly auditPartitions: number;
  readonly schemas: Schemas;
  readonly keys: Keys;
  readonly retention: RetentionRules;
  readonly identity: {
    /** The directory as it stands now. */
    directory(): Promise<Directory>;
    readonly bindings: IdentityConfig['bindings'];
  };
  readonly quarantineDays: number;
  readonly privacy: PrivacyConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every settled batch. */
  count(topic: string, counts: Settlement['counts']): void;
}

const INGEST_GROUP = 'trailhouse-ingest';

/** How many raw offsets share a salt key, so that keys beyond redelivery can be destroyed range by range. */
const SALT_RANGE = 2 ** 24;

/**
 * Raw topics to audit topics. A batch is settled when its content, events, quarantined messages and account are durable,
 * in this order; only then its offset is committed. What a crash repeats, readers drop by its origin.
 */
export function ingest(parts: IngestParts): { run(signal: AbortSignal): Promise<void> } {
  const beginnings = new Map<string, Beginning['known']>();
  const known = openBindings(parts.identity.bindings);
  const learning = openLearning({ ...parts, partitions: parts.auditPartitions, bindings: known });
  const recall = openRecall(parts.log, parts.auditPartitions, parts.clock);
  const subjects = openSubjects(parts.keys, parts.clock);
  let opened: Promise<Privacy> | undefined;
  const privacy = () => {
    opened ??= parts.keys.get(TOKEN_KEY).then((key) => openPrivacy(parts.privacy, key, subjects.known));
    return opened;
  };
  const source: Source = parts.log.subscribe({
    group: INGEST_GROUP,
    topics: [...parts.bindings.keys()],
    async resume(position: Position, held: AbortSignal) {
      const committed = position.committed ?? (await recall(position));
      const { offset, known } = begin({ ...position, committed }, binding(parts.bindings, position.topic).epoch);
      if (offset > position.end && (await endOf(parts.log, position)) < offset) throw new LogLost(position, offset);
      // Taken away meanwhile: a newer assignment may have begun by now.
      if (!held.aborted) beginnings.set(`${position.topic}/${position.partition}`, known);
      return Math.min(offset, position.end);
    },
  });

  async function handle(received: Batch, signal: AbortSignal): Promise<Settled> {
    const place = `${received.topic}/${received.partition}`;
    const bound = binding(parts.bindings, received.topic);
    const batch = recognise(received, beginnings.get(place));
    if (batch.next > batch.first) {
      const identify = openIdentity(await parts.identity.directory(), known);
      const made = await settled(parts, batch, bound, { identify, privacy: await privacy() }, subjects);
      learning.settled(await append(parts, batch, made, signal), made.evidence);
      if (batch.topic === OWN_TOPIC) learning.acted(made.events);
      beginnings.delete(place);
    }
    return { metadata: mark(received, bound.epoch) };
  }

  return { run: (signal) => learning.during(() => source.run(handle, signal), signal) };
}

/** A batch that meets a subject for the first time is settled once more, with the key. */
async function settled(
  parts: IngestParts,
  batch: Batch,
  bound: Binding,
  knowing: Pick<Surroundings, 'identify' | 'privacy'>,
  subjects: Subjects,
): Promise<Settlement> {
  const now = parts.clock.now();
  const day = `quarantine-${now.toISOString().slice(0, 10)}`;
  const around: Surroundings = {
    binding: bound,
    retention: parts.retention,
    ids: await schemaIds(parts.schemas),
    saltKey: await saltKeys(parts.keys, batch, bound),
    sealing: { name: day, key: await parts.keys.get(day) },
    quarantineDays: parts.quarantineDays,
    ...knowing,
    now,
    broken: (format, error) => parts.logger.error({ format, error, topic: batch.topic }, 'format failed on a message'),
  };
  await subjects.renew();
  for (;;) {
    const made = settle(batch, around);
    if (!('wants' in made)) return made;
    await subjects.fetch(made.wants);
  }
}

/** Resolves to where the events are on audit.events; undefined where there are none. */
async function append(
  parts: IngestParts,
  batch: Batch,
  made: Settlement,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const partition = auditPartition(batch.topic, batch.partition, parts.auditPartitions);
  const steps: readonly (readonly [string, readonly Outgoing[]])[] = [
    ['audit.content', made.content],
    ['audit.quarantine', made.quarantine],
    ['audit.events', made.events],
    ['audit.accounting', [made.accounting]],
  ];
  let place: Place | undefined;
  for (const [topic, records] of steps) {
    signal.throwIfAborted();
    if (records.length === 0) continue;
    const first = await parts.log.append(topic, partition, records);
    if (records === made.events) place = { partition, first };
  }
  parts.count(batch.topic, made.counts);
  return place;
}

function binding(bindings: Bindings, topic: string): Binding {
  const bound = bindings.get(topic);
  if (bound === undefined) throw new Error(`no binding for topic ${topic}`);
  return bound;
}

async function schemaIds(schemas: Schemas): Promise<SchemaIds> {
  const [event, content, quarantine, accounting] = await Promise.all([
    schemas.current('audit-event'),
    schemas.current('audit-content'),
    schemas.current('audit-quarantine'),
    schemas.current('audit-accounting'),
  ]);
  return { event: event.id, content: content.id, quarantine: quarantine.id, accounting: accounting.id };
}

/** One key per stretch of offsets; all that the batch needs are fetched before it is settled. */
async function saltKeys(keys: Keys, batch: Batch, bound: Binding): Promise<(offset: number) => Uint8Array> {
  const ranges = new Map<number, Uint8Array>();
  for (const range of new Set(batch.records.map(({ offset }) => rangeOf(offset)))) {
    const name = `salt-${bound.epoch}-${topicNumber(batch.topic)}-${batch.partition}-${range}`;
    ranges.set(range, await keys.get(name));
  }
  return (offset) => {
    const key = ranges.get(rangeOf(offset));
    if (key === undefined) throw new RangeError(`offset ${offset} is outside the batch`);
    return key;
  };
}

const rangeOf = (offset: number): number => Math.floor(offset / SALT_RANGE);
