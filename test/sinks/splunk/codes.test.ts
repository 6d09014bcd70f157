import { describe, expect, test } from 'vitest';
import { meaningOf } from '../../../services/sinks/splunk/answers.ts';
import { event } from '../../support/event.ts';
import { events, ids, receiver, sinkOn } from './rig.ts';

/** Splunk's table of codes, and what each means for a batch of three on a token with acknowledgement. */
const TABLE: readonly (readonly [number, string])[] = [
  [1, 'parked'],
  [2, 'parked'],
  [3, 'parked'],
  [4, 'parked'],
  [5, 'parked'],
  [6, 'refused'],
  [7, 'parked'],
  [8, 'retry'],
  [9, 'retry'],
  [10, 'parked'],
  [11, 'retry'],
  [12, 'refused'],
  [13, 'refused'],
  [14, 'retry'],
  [15, 'refused'],
  [16, 'parked'],
  [17, 'retry'],
  [18, 'retry'],
  [19, 'retry'],
  [20, 'retry'],
  [21, 'parked'],
  [22, 'parked'],
  [23, 'retry'],
  [26, 'retry'],
  [27, 'retry'],
  [28, 'parked'],
  [29, 'retry'],
  [999, 'retry'],
];

describe('what was not taken', () => {
  test.each(TABLE)('code %i: %s', async (code, kind) => {
    const splunk = await receiver();
    splunk.script({ kind: 'hec', code });
    const { deliver } = sinkOn([splunk]);
    const answer = await deliver(events(3));
    expect(answer.kind).toBe(kind);
    expect(answer).not.toMatchObject({ reason: expect.stringContaining('words of Splunk') });
    expect(splunk.accepted()).toEqual([]);
  });
});

test('code 0: taken, and delivered once the indexer confirms', async () => {
  const splunk = await receiver();
  expect(await sinkOn([splunk]).deliver(events(3))).toEqual({ kind: 'delivered', level: 'indexed' });
  expect(ids(splunk.accepted())).toEqual(ids(events(3)));
});

test.each([24, 25])('code %i: taken, though it asks to slow down', (code) => {
  expect(meaningOf({ status: 200, code })).toMatchObject({ kind: 'taken' });
});

test('code 0 with a status that is no success is no receipt', () => {
  expect(meaningOf({ status: 502, code: 0 })).toMatchObject({ kind: 'later' });
});

describe('an answer that is not HEC’s', () => {
  test.each([
    [200, 'retry'],
    [202, 'retry'],
    [302, 'parked'],
    [400, 'retry'],
    [401, 'parked'],
    [403, 'parked'],
    [404, 'parked'],
    [405, 'parked'],
    [413, 'refused'],
    [500, 'retry'],
    [503, 'retry'],
  ])('HTTP %i: %s', async (status, kind) => {
    const splunk = await receiver();
    splunk.script({ kind: 'answer', status, headers: { location: 'http://127.0.0.1:1/' }, body: '<html>words</html>' });
    const answer = await sinkOn([splunk]).deliver(events(3));
    expect(answer.kind).toBe(kind);
    expect(answer).not.toMatchObject({ reason: expect.stringContaining('words') });
  });

  test('a path Splunk does not know parks', async () => {
    const splunk = await receiver();
    const answer = await sinkOn([{ url: `${splunk.url}/elsewhere` }]).deliver(events(1));
    expect(answer).toMatchObject({ kind: 'parked', reason: 'HEC 404: unknown, HTTP 404' });
  });

  test('Retry-After is passed on', async () => {
    const splunk = await receiver();
    splunk.script({ kind: 'answer', status: 503, headers: { 'retry-after': '7' }, body: '{"text":"busy","code":9}' });
    expect(await sinkOn([splunk]).deliver(events(1))).toMatchObject({ kind: 'retry', afterMs: 7_000 });
  });
});

describe('an event at fault', () => {
  const fault = (code: number, number: number, ackId?: number) => ({
    kind: 'answer' as const,
    status: 400,
    body: JSON.stringify({ text: 'x', code, 'invalid-event-number': number, ackId }),
  });

  test.each([6, 12, 13, 15])(
    'code %i: those before it are confirmed, it is refused, the rest is sent again',
    async (code) => {
      const splunk = await receiver();
      const { deliver } = sinkOn([splunk]);
      await deliver(events(1));
      splunk.script(fault(code, 2, 7));
      splunk.scriptAcks({ kind: 'answer', status: 200, body: '{"acks":{"7":true}}' });
      const answer = await deliver(events(5));
      expect(answer).toMatchObject({ kind: 'partial', refused: [{ index: 2 }], resendFrom: 3, level: 'indexed' });
    },
  );

  test('where the ones before it are not confirmed, all are sent again', async () => {
    const splunk = await receiver();
    splunk.script(fault(6, 2, 7));
    expect(await sinkOn([splunk]).deliver(events(5))).toMatchObject({ kind: 'retry' });
  });

  test('where nothing vouches for the ones before it, the batch is halved', async () => {
    const splunk = await receiver();
    splunk.script(fault(6, 2));
    expect(await sinkOn([splunk], { ack: 'on' }).deliver(events(5))).toMatchObject({ kind: 'refused' });
  });

  test('where HEC’s word is enough, it is enough', async () => {
    const splunk = await receiver({ acknowledges: false });
    splunk.script(fault(6, 2));
    const answer = await sinkOn([splunk], { ack: 'off' }).deliver(events(5));
    expect(answer).toMatchObject({ kind: 'partial', refused: [{ index: 2 }], resendFrom: 3, level: 'accepted' });
  });

  test('the first of many needs no vouching', async () => {
    const splunk = await receiver();
    splunk.script(fault(6, 0));
    expect(await sinkOn([splunk]).deliver(events(5))).toMatchObject({ refused: [{ index: 0 }], resendFrom: 1 });
  });

  test.each([-1, 5, 99])('a number outside the batch (%i) halves it', async (number) => {
    const splunk = await receiver();
    splunk.script(fault(6, number, 7));
    expect(await sinkOn([splunk]).deliver(events(5))).toMatchObject({ kind: 'refused' });
  });

  test('alone, it is refused', async () => {
    const splunk = await receiver();
    splunk.script(fault(6, 0));
    expect(await sinkOn([splunk]).deliver(events(1))).toMatchObject({ kind: 'refused' });
  });
});

test('an index the token may not write parks, once what came before it is settled', async () => {
  const splunk = await receiver({ indexes: ['main', 'audit'] });
  const { deliver } = sinkOn([splunk], { index_rules: [{ index: 'secret', when: { team: 'red' } }] });
  const batch = [...events(2), event({ actor_team: 'red' }), ...events(2, 2)];
  const answer = await deliver(batch);
  expect(answer).toEqual({ kind: 'partial', refused: [], resendFrom: 2, level: 'indexed' });
  expect(await deliver(batch.slice(2))).toMatchObject({ kind: 'parked', reason: expect.stringContaining('index') });
  expect(ids(splunk.accepted())).toEqual(ids(events(2)));
});

describe('a body too large', () => {
  test('for us is not sent', async () => {
    const splunk = await receiver();
    const answer = await sinkOn([splunk], { max_body_bytes: 10_000 }).deliver(events(50));
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining('max_body_bytes') });
    expect(splunk.requests()).toEqual([]);
  });

  test('for Splunk is refused', async () => {
    const splunk = await receiver({ maxContentLength: 100 });
    expect(await sinkOn([splunk]).deliver(events(1))).toEqual({ kind: 'refused', reason: 'HTTP 413' });
  });
});

test('a token is read for each request', async () => {
  const splunk = await receiver();
  const secrets = { HEC_TOKEN: 'stale' };
  const { deliver } = sinkOn([splunk], {}, { secrets });
  expect(await deliver(events(1))).toMatchObject({ kind: 'parked', reason: 'HEC 4: invalid token' });
  secrets.HEC_TOKEN = 'hec-token';
  expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
});
