import { describe, expect, test } from 'vitest';
import { fakeClock } from '../../support/clock.ts';
import { events, ids, receiver, sinkOn } from './rig.ts';

describe('an acknowledgement', () => {
  test('is waited for, at growing intervals', async () => {
    const splunk = await receiver({ slowPolls: 4 });
    const clock = fakeClock();
    const start = clock.now().getTime();
    expect(await sinkOn([splunk], {}, { clock }).deliver(events(2))).toMatchObject({ kind: 'delivered' });
    expect(clock.now().getTime() - start).toBe(250 + 250 + 500 + 1000 + 2000);
    expect(ids(splunk.accepted())).toEqual(ids(events(2)));
  });

  test('that stays false past the deadline is none, and the next batch gets a new channel', async () => {
    const splunk = await receiver();
    splunk.script({ kind: 'unindexed' });
    const clock = fakeClock();
    const start = clock.now().getTime();
    const { deliver } = sinkOn([splunk], { ack_deadline_ms: 30_000 }, { clock });
    expect(await deliver(events(1))).toEqual({ kind: 'retry', reason: 'not confirmed in 30000 ms' });
    expect(clock.now().getTime() - start).toBeLessThan(40_000);
    expect(splunk.accepted()).toEqual([]);
    expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
    const channels = splunk.requests().flatMap(({ path, channel }) => (path === '/event' ? [channel] : []));
    expect(new Set(channels).size).toBe(2);
  });

  test.each([
    ['HTTP 500', { kind: 'answer', status: 500, body: 'words' }],
    ['HTTP 404', { kind: 'answer', status: 404, body: '' }],
    ['HTTP 200', { kind: 'answer', status: 200, body: '<html>words' }],
    ['HTTP 200', { kind: 'answer', status: 200, body: '{"acks":{"0":"true"}}' }],
    ['HTTP 201', { kind: 'answer', status: 201, body: '{"acks":{"0":true}}' }],
    ['HEC 14', { kind: 'hec', code: 14 }],
    ['HEC 4', { kind: 'hec', code: 4 }],
    ['no answer', { kind: 'reset', when: 'before' }],
    ['no answer', { kind: 'reset', when: 'after' }],
  ] as const)('is not taken from an endpoint that fails: %s (%o)', async (fault, answer) => {
    const splunk = await receiver();
    splunk.scriptAcks({ ...answer, repeat: 1000 });
    expect(await sinkOn([splunk], { ack_deadline_ms: 20_000 }).deliver(events(1))).toEqual({
      kind: 'retry',
      reason: `not confirmed in 20000 ms (last poll: ${fault})`,
    });
  });

  test('survives an endpoint that fails for a while', async () => {
    const splunk = await receiver();
    splunk.scriptAcks({ kind: 'answer', status: 503, repeat: 5 });
    expect(await sinkOn([splunk]).deliver(events(1))).toMatchObject({ kind: 'delivered' });
  });

  test('whose true was lost is none: Splunk tells it once', async () => {
    const splunk = await receiver();
    splunk.scriptAcks({ kind: 'reset', when: 'after' });
    expect(await sinkOn([splunk]).deliver(events(1))).toMatchObject({ kind: 'retry' });
    expect(splunk.accepted()).toHaveLength(1);
  });

  test('is none after a restart of the indexer', async () => {
    const splunk = await receiver({ slowPolls: 3 });
    const { deliver } = sinkOn([splunk]);
    const first = deliver(events(1));
    while (splunk.requests().length < 2) await new Promise((resolve) => setImmediate(resolve));
    splunk.restart();
    expect(await first).toMatchObject({ kind: 'retry' });
    expect(splunk.accepted()).toEqual([]);
  });

  test('of concurrent batches is asked for in one request per poll', async () => {
    const splunk = await receiver({ slowPolls: 6 });
    const { deliver } = sinkOn([splunk]);
    const answers = await Promise.all([0, 1, 2, 3].map((i) => deliver(events(2, i * 2))));
    expect(answers.every(({ kind }) => kind === 'delivered')).toBe(true);
    expect(new Set(splunk.requests().map(({ channel }) => channel)).size).toBe(1);
    expect(Math.max(...splunk.requests().map(({ acks }) => acks))).toBe(4);
  });

  test('is asked for in the session a load balancer opened', async () => {
    const splunk = await receiver({ cookie: 'AWSALB=node-2' });
    expect(await sinkOn([splunk]).deliver(events(1))).toMatchObject({ kind: 'delivered' });
  });

  test('with an id given before on the channel confirms nothing', async () => {
    const splunk = await receiver();
    const { deliver } = sinkOn([splunk]);
    await deliver(events(1));
    splunk.restart();
    expect(await deliver(events(1))).toMatchObject({ kind: 'retry', reason: expect.stringContaining('given twice') });
    expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
  });

  test('ends with the signal, on a poll that hangs too', async () => {
    const splunk = await receiver();
    const stop = new AbortController();
    const { sink, deliver } = sinkOn([splunk], {}, { fetch: hangingOnce(() => stop.abort(new Error('stopped'))) });
    const waiting = sink.deliver(events(1), stop.signal);
    await expect(waiting).rejects.toThrow('stopped');
    expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
  });
});

/** The first poll gets no answer; calls back once it is under way. */
function hangingOnce(polled: () => void): typeof fetch {
  let polls = 0;
  return (url, init) => {
    if (!String(url).includes('/ack') || polls++ > 0) return fetch(url, init);
    setImmediate(polled);
    const signal = init?.signal;
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  };
}

describe('ack: on', () => {
  test('parks where the token gives no ackId', async () => {
    const splunk = await receiver({ acknowledges: false });
    const answer = await sinkOn([splunk], { ack: 'on' }).deliver(events(1));
    expect(answer).toMatchObject({ kind: 'parked', reason: expect.stringContaining('enable indexer acknowledgement') });
  });

  test('parks on code 14', async () => {
    const splunk = await receiver();
    splunk.script({ kind: 'hec', code: 14 });
    expect(await sinkOn([splunk], { ack: 'on' }).deliver(events(1))).toMatchObject({ kind: 'parked' });
  });
});

describe('ack: off', () => {
  test('takes HEC’s word, and says so', async () => {
    const splunk = await receiver({ acknowledges: false });
    expect(await sinkOn([splunk], { ack: 'off' }).deliver(events(1))).toEqual({ kind: 'delivered', level: 'accepted' });
    expect(splunk.requests()).toEqual([{ path: '/event', channel: undefined, acks: 0 }]);
  });

  test('parks with advice where the token demands a channel', async () => {
    const splunk = await receiver();
    const answer = await sinkOn([splunk], { ack: 'off' }).deliver(events(1));
    expect(answer).toMatchObject({ kind: 'parked', reason: expect.stringContaining('set ack to auto or on') });
  });
});

describe('ack: auto', () => {
  test('takes HEC’s word where the token gives no ackId, and says so', async () => {
    const splunk = await receiver({ acknowledges: false });
    expect(await sinkOn([splunk]).deliver(events(1))).toEqual({ kind: 'delivered', level: 'accepted' });
  });

  test('never falls from an ackId to none', async () => {
    const splunk = await receiver();
    const { deliver } = sinkOn([splunk]);
    await deliver(events(1));
    splunk.setAcknowledges(false);
    expect(await deliver(events(1))).toMatchObject({ kind: 'retry', reason: expect.stringContaining('no ackId') });
    splunk.script({ kind: 'hec', code: 14 });
    expect(await deliver(events(1))).toMatchObject({ kind: 'parked' });
  });

  test('rises when the token starts to give them', async () => {
    const splunk = await receiver({ acknowledges: false });
    const { deliver } = sinkOn([splunk]);
    await deliver(events(1));
    splunk.setAcknowledges(true);
    expect(await deliver(events(1))).toEqual({ kind: 'delivered', level: 'indexed' });
  });

  test('goes on without a channel after code 14, and with one again after code 10', async () => {
    const splunk = await receiver({ acknowledges: false });
    splunk.script({ kind: 'hec', code: 14 });
    const { deliver } = sinkOn([splunk]);
    expect(await deliver(events(1))).toMatchObject({ kind: 'retry' });
    expect(await deliver(events(1))).toEqual({ kind: 'delivered', level: 'accepted' });
    expect(splunk.requests().at(-1)).toMatchObject({ channel: undefined });
    splunk.setAcknowledges(true);
    const both = await Promise.all([deliver(events(1)), deliver(events(1))]);
    expect(both.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
    expect(await deliver(events(1))).toEqual({ kind: 'delivered', level: 'indexed' });
  });
});

test('code 11 opens a new channel', async () => {
  const splunk = await receiver();
  splunk.script({ kind: 'hec', code: 11 });
  const { deliver } = sinkOn([splunk]);
  expect(await deliver(events(1))).toMatchObject({ kind: 'retry' });
  expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
  expect(splunk.requests()[0]?.channel).not.toBe(splunk.requests()[1]?.channel);
});
