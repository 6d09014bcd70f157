/** The event log port: what Trailhouse needs of Kafka, and of the embedded log that stands in for it. */

export type Headers = Readonly<Record<string, Uint8Array>>;

/** One message as the log holds it. Offsets are numbers: drivers refuse what is past 2^53. */
export interface Envelope {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The log's timestamp of the record. */
  readonly receivedAt: Date;
  readonly key: Uint8Array | undefined;
  readonly headers: Headers;
  readonly value: Uint8Array;
}

/**
 * A contiguous stretch of one partition: every offset of `first` up to, not including, `next`. An offset in the
 * range without a record is absent (compaction, a transaction marker): the log holds nothing there.
 */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly next: number;
  readonly records: readonly Envelope[];
}

/** What is committed with the offset; read back on the next start. At most 4,096 bytes (Kafka's default). */
export interface Settled {
  readonly metadata?: string;
  /** Committed instead of the batch's `next`, where what lies between is not durable yet. */
  readonly offset?: number;
}

/** Where a partition stands when a consumer takes it over. `end` is the offset the next record will get. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly committed: Committed | undefined;
}

export interface Committed {
  readonly offset: number;
  readonly metadata: string;
}

/** How records are put together for a handler. What the driver does not split, a single record above all, may exceed them. */
export interface BatchBounds {
  readonly records: number;
  /** Of what the records take in the log, unpacked. */
  readonly bytes: number;
  /** How long a few records may wait for others to travel with them. */
  readonly waitMs: number;
}

export interface Subscription {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Where to begin, asked on every assignment and before every fetch position. Without it: the committed offset, or
   * the log's start where none was committed. Rejecting stops the source. `held` aborts when the partition is taken away
   * or the source ends.
   */
  resume?(position: Position, held: AbortSignal): Promise<number>;
  /** Longest a handler may take for one batch; the driver's default where left out, `Infinity` for receivers away for days. */
  readonly handlerMs?: number | undefined;
  /** For handlers whose work costs by the batch rather than by the record; the driver's own where left out. */
  readonly batch?: BatchBounds | undefined;
  /** `false`: what the log no longer holds is found elsewhere, so retention need not wait for this group (embedded). */
  readonly isWaitedFor?: boolean | undefined;
}

/**
 * Delivers batches, one at a time per partition, in offset order. Resolving settles the batch: its `next` is
 * committed; throwing moves nothing and ends the source.
 */
export interface Source {
  /**
   * Runs until the signal aborts (resolves once the handlers ended and their commits were written) or something breaks
   * (rejects: `LogLost` when the position to begin at is outside the log, or whatever a handler or the driver threw).
   */
  run(handle: (batch: Batch, signal: AbortSignal) => Promise<Settled | undefined>, signal: AbortSignal): Promise<void>;
}

export interface Outgoing {
  readonly key?: Uint8Array | undefined;
  readonly headers?: Headers | undefined;
  readonly value: Uint8Array;
  /** Defaults to the clock of whoever appends. */
  readonly timestamp?: Date | undefined;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records stay at least. -1: for ever. */
  readonly retentionMs: number;
  /** Largest record the topic takes; the driver's default where left out. */
  readonly maxRecordBytes?: number | undefined;
  /** Records carry the time at which the log took them, whatever whoever appends says; otherwise what they bring. */
  readonly isStampedByLog?: boolean | undefined;
}

export interface TopicState {
  readonly name: string;
  readonly partitions: readonly { readonly start: number; readonly end: number }[];
  /** -1: for ever; undefined where the driver may not ask. */
  readonly retentionMs: number | undefined;
}

export interface Log {
  /** Creates what is missing; changes nothing that exists. */
  create(topics: readonly TopicSpec[]): Promise<void>;
  /** Undefined for a topic that does not exist. */
  describe(topic: string): Promise<TopicState | undefined>;
  /**
   * Appends in order, durably (Kafka: acks=all, idempotent; embedded: fsync). Resolves to the first record's offset.
   * Two appends to one partition that are not awaited one after the other have no order.
   */
  append(topic: string, partition: number, records: readonly Outgoing[]): Promise<number>;
  subscribe(subscription: Subscription): Source;
  /**
   * Reads a partition from its start, or from an offset where the log still holds that, to where it ends when called,
   * outside of any group; batches are contiguous.
   */
  read(topic: string, partition: number, visit: (batch: Batch) => void, from?: number): Promise<void>;
  /** What the group committed, by partition. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, Committed>>;
  close(): Promise<void>;
}

/** Where a partition ends by now. A position is as old as its assignment: what a predecessor has settled since may lie beyond its end. */
export async function endOf(log: Pick<Log, 'describe'>, { topic, partition }: Position): Promise<number> {
  return (await log.describe(topic))?.partitions[partition]?.end ?? 0;
}

/** The position to begin at is not in the log: records were lost below it, or the log was cut or re-created. */
export class LogLost extends Error {
  override readonly name = 'LogLost';
  readonly position: Position;
  readonly wanted: number;

  constructor(position: Position, wanted: number) {
    const { topic, partition, start, end } = position;
    const cause =
      wanted < start
        ? `offsets ${wanted} to ${start - 1} are gone from the log`
        : `the log ends at ${end}, before our offset ${wanted}: it was cut or re-created`;
    super(`${topic}/${partition}: ${cause}`);
    this.position = position;
    this.wanted = wanted;
  }
}
