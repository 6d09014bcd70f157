/** A partition this member holds, from one rebalance to the next. */
export interface Lane {
  readonly topic: string;
  readonly partition: number;
  /** Aborts when the partition is taken away. */
  readonly lost: AbortSignal;
  /** The next offset to hand out; undefined until the position was compared with the log. */
  next: number | undefined;
  /** Settled, but not committed yet. */
  unsettled: { readonly offset: number; readonly metadata: string } | undefined;
}

/** What one rebalance gave to this member. */
export interface Assignment {
  readonly topics: readonly string[];
  readonly lanes: readonly Lane[];
  readonly lost: AbortSignal;
  lane(topic: string, partition: number): Lane | undefined;
  /** Takes all partitions away: handlers are told to end. */
  revoke(reason: Error): void;
}

export function openAssignment(partitions: Readonly<Record<string, readonly number[]>>): Assignment {
  const controller = new AbortController();
  const lost = controller.signal;
  const lanes = Object.entries(partitions).flatMap(([topic, numbers]) =>
    numbers.map((partition): Lane => ({ topic, partition, lost, next: undefined, unsettled: undefined })),
  );
  const byName = new Map(lanes.map((lane) => [`${lane.topic}/${lane.partition}`, lane]));
  return {
    topics: Object.keys(partitions),
    lanes,
    lost,
    lane: (topic, partition) => byName.get(`${topic}/${partition}`),
    revoke: (reason) => controller.abort(reason),
  };
}
