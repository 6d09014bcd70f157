import { createRequire } from 'node:module';
import { decodeFetches } from './fetched.ts';
import { encodeProduces } from './produced.ts';

/** kafkajs found its position outside of the log. */
export class OutOfRange extends Error {
  override readonly name = 'OutOfRange';
  /** kafkajs must not try again. */
  readonly retriable = false;
  readonly topic: string;
  readonly partition: number;

  constructor({ topic, partition }: { readonly topic: string; readonly partition: number }) {
    super(`${topic}/${partition}: the position is outside of the log`);
    this.topic = topic;
    this.partition = partition;
  }
}

const require = createRequire(import.meta.url);

/**
 * Two methods of kafkajs 2.2.4 (pinned; a test fails when either guard stops working):
 *
 * - `setDefaultOffset` answers OFFSET_OUT_OF_RANGE by committing the log's start or end over the group's offset and going
 *   on from there: the loss would be forgotten with the position that shows it. It ends the consumer instead.
 * - `scheduleCheckPendingRequests` sets a timer with a negative delay after every request, which Node 24 warns about.
 *   With nothing pending there is nothing to schedule.
 */
export function guardKafkajs(): void {
  if (guarded) return;
  guarded = true;
  decodeFetches();
  encodeProduces();
  replace('kafkajs/src/consumer/offsetManager', 'setDefaultOffset', () => async (at: OutOfRange) => {
    throw new OutOfRange(at);
  });
  replace(
    'kafkajs/src/network/requestQueue',
    'scheduleCheckPendingRequests',
    (original) =>
      function (this: { readonly pending: readonly unknown[] }) {
        if (this.pending.length > 0) Reflect.apply(original, this, []);
      },
  );
}

let guarded = false;

type Method = (...parameters: never[]) => unknown;

function replace(module: string, name: string, make: (original: Method) => Method): void {
  const prototype: object = require(module).prototype;
  const original: Method = Reflect.get(prototype, name);
  if (typeof original !== 'function') throw new Error(`${module} has no method ${name}`);
  Object.defineProperty(prototype, name, { value: make(original), configurable: true, writable: true });
}
