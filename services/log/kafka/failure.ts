/** Kafka's answers that only mean: this member is out, join again. */
const OUT = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']);

/** An error and what it was caused by, outermost first. */
export function* causes(error: unknown): Generator<Error> {
  for (let at = error; at instanceof Error; at = at.cause) yield at;
}

/** Kafka's name of a protocol error, such as REBALANCE_IN_PROGRESS. */
export function kafkaType(error: unknown): string | undefined {
  for (const cause of causes(error)) if ('type' in cause && typeof cause.type === 'string') return cause.type;
  return undefined;
}

/** Whether the group no longer counts this member in. */
export const isOut = (error: unknown): boolean => OUT.has(kafkaType(error) ?? '');

/** kafkajs calls a coordinator it cannot find final, though one that restarts is found again. */
const PASSING = new Set(['KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout', 'KafkaJSTimeout']);

/** Kafka calls it passing, for a topic may be new; what outlasts kafkajs' own tries is a topic that does not exist. */
const FINAL = 'UNKNOWN_TOPIC_OR_PARTITION';

/** Whether trying again can help: brokers away, leaders moving, members joining. */
export function isPassing(error: unknown): boolean {
  if (isOut(error)) return true;
  if (kafkaType(error) === FINAL) return false;
  for (const cause of causes(error))
    if (PASSING.has(cause.name) || ('retriable' in cause && cause.retriable === true)) return true;
  return false;
}

/** Class and words for the log: kafkajs' messages name brokers and topics, never what records hold. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return `${error.name}: ${error.message.slice(0, 300)}`;
}
