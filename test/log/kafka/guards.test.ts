import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { guardKafkajs, OutOfRange } from '../../../services/log/kafka/guards.ts';

const require = createRequire(import.meta.url);
guardKafkajs();

test('kafkajs ends where it would commit the default offset', async () => {
  const OffsetManager = require('kafkajs/src/consumer/offsetManager');
  const reset = OffsetManager.prototype.setDefaultOffset({ topic: 't', partition: 3 });
  await expect(reset).rejects.toBeInstanceOf(OutOfRange);
  await expect(reset).rejects.toMatchObject({ topic: 't', partition: 3, retriable: false });
});

test('kafkajs sets no timer when no request waits', () => {
  const RequestQueue = require('kafkajs/src/network/requestQueue');
  const queue = new RequestQueue({ maxInFlightRequests: null, requestTimeout: 1, enforceRequestTimeout: false });
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
  queue.pending.push({});
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  queue.destroy();
});
