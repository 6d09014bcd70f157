import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../services/core/sink.ts';
import type { LokiOptions } from '../../support/receivers/loki.ts';
import { at, ids, NOON, setting, signal } from './setting.ts';

const three = [at('a', 0), at('b', 1), at('c', 1, { action: 'shell.exec' })];

test.each(['protobuf', 'json'])(
  '%s is stored, each event once, with its time, labels and metadata',
  async (encoding) => {
    const { receiver, sink } = await setting({}, { encoding });
    expect(await sink.deliver(three, signal)).toEqual({ kind: 'delivered' });
    expect(ids(receiver)).toEqual(['a', 'b', 'c']);
    expect(receiver.accepted()[0]).toMatchObject({
      nanos: BigInt(NOON) * 1000n,
      labels: {
        service_name: 'trailhouse',
        env: 'production',
        surface: 'cli',
        event_category: 'llm',
        outcome: 'success',
      },
      metadata: { event_id: 'a', action: 'llm.request' },
    });
  },
);

test('what comes again after a lost reply is ignored by the receiver', async () => {
  const { receiver, sink } = await setting();
  receiver.script({ kind: 'reset', when: 'after' });
  await expect(sink.deliver(three, signal)).rejects.toThrow();
  expect(await sink.deliver(three, signal)).toEqual({ kind: 'delivered' });
  expect(receiver.accepted().map(({ copies }) => copies)).toEqual([2, 2, 2]);
});

test('two events of one moment are two entries', async () => {
  const { receiver, sink } = await setting();
  await sink.deliver([at('a', 0), at('b', 0)], signal);
  expect(ids(receiver)).toEqual(['a', 'b']);
});

describe('who sends', () => {
  test('must be known, or the lane parks; a rotated token heals it', async () => {
    const secrets = { TOKEN: 'old' };
    const settings = { tenant: 'acme', auth: { token: { env: 'TOKEN' } } };
    const { receiver, sink } = await setting({ authorization: 'Bearer new', tenant: 'acme' }, settings, { secrets });
    expect(await sink.deliver(three, signal)).toEqual({ kind: 'parked', reason: 'HTTP 401' });
    secrets.TOKEN = 'new';
    expect(await sink.deliver(three, signal)).toEqual({ kind: 'delivered' });
    expect(ids(receiver)).toHaveLength(3);
  });

  test('must have the right tenant', async () => {
    expect(await (await setting({ tenant: 'acme' })).sink.deliver(three, signal)).toMatchObject({ kind: 'parked' });
    const wrong = await setting({ tenant: 'acme' }, { tenant: 'other' });
    expect(await wrong.sink.deliver(three, signal)).toMatchObject({ kind: 'parked' });
  });
});

test('blocked ingestion parks, and nothing is at the receiver', async () => {
  const { receiver, sink } = await setting();
  receiver.block(260);
  expect(await sink.deliver(three, signal)).toEqual({ kind: 'parked', reason: 'HTTP 260: blocked_ingestion' });
  expect(ids(receiver)).toEqual([]);
  receiver.block(undefined);
  expect(await sink.deliver(three, signal)).toEqual({ kind: 'delivered' });
});

test.each<[string, NonNullable<LokiOptions['limits']>, Partial<Delivery>]>([
  ['enforced_labels', { enforced_labels: 'team' }, { kind: 'parked' }],
  ['allow_structured_metadata', { allow_structured_metadata: false }, { kind: 'parked' }],
  ['max_label_names_per_series', { max_label_names_per_series: 3 }, { kind: 'parked' }],
  ['max_label_value_length', { max_label_value_length: 3 }, { kind: 'parked' }],
  ['max_structured_metadata_entries_count', { max_structured_metadata_entries_count: 3 }, { kind: 'refused' }],
  ['max_structured_metadata_size', { max_structured_metadata_size: 30 }, { kind: 'refused' }],
  ['max_line_size', { max_line_size: 30 }, { kind: 'refused' }],
  ['max_recv_msg_size', { max_recv_msg_size: 30 }, { kind: 'refused' }],
])('a smaller %s', async (_, limits, verdict) => {
  const { receiver, sink } = await setting({ limits });
  expect(await sink.deliver(three, signal)).toMatchObject(verdict);
  expect(receiver.accepted()).toEqual([]);
});

test('a gateway that answers 200 is believed where it is declared', async () => {
  expect(await (await setting({ success: 200 })).sink.deliver(three, signal)).toMatchObject({ kind: 'retry' });
  const declared = await setting({ success: 200 }, { accept_200: true });
  expect(await declared.sink.deliver(three, signal)).toEqual({ kind: 'delivered' });
});

test('a line of any length is delivered, cut and marked', async () => {
  const { receiver, sink } = await setting();
  expect(await sink.deliver([at('a', 0, { command: 'x'.repeat(300_000) })], signal)).toEqual({ kind: 'delivered' });
  expect(JSON.parse(receiver.accepted()[0]?.line ?? '')).toMatchObject({ event_id: 'a', cut: true });
});

test('a body over 4 MB is refused unsent; a single event never is', async () => {
  const { receiver, sink } = await setting();
  const long = Array.from({ length: 20 }, (_, i) => at(`${i}`, 0, { command: 'x'.repeat(250_000) }));
  expect(await sink.deliver(long, signal)).toMatchObject({ kind: 'refused' });
  expect(receiver.requests()).toBe(0);
});

test('an abort ends a push that hangs', async () => {
  const { receiver, sink } = await setting();
  receiver.script({ kind: 'hang' });
  const abort = new AbortController();
  const delivery = sink.deliver(three, abort.signal);
  await expect.poll(() => receiver.requests()).toBe(1);
  abort.abort();
  await expect(delivery).rejects.toThrow();
});
