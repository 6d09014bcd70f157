import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { microsOf, timesOf } from '../../../services/formats/litellm/times.ts';
import { costOf, tokensOf } from '../../../services/formats/litellm/usage.ts';
import { reading } from '../../../services/formats/reading.ts';

const micros = fc.integer({ min: 0, max: Date.UTC(2100) }).map((ms) => ms * 1000 + (ms % 1000));

describe('times', () => {
  test('a float of epoch seconds keeps its microseconds, and the column gives the float back', () => {
    fc.assert(
      fc.property(micros, (at) => {
        const read = reading({ startTime: at / 1_000_000, kept: 1 });
        expect(timesOf(read).occurred_at).toBe(at);
        expect(read.rest()).toEqual({ kept: 1 });
      }),
    );
  });

  test('a datetime of Python keeps its microseconds', () => {
    fc.assert(
      fc.property(micros, (at) => {
        const [day, time] = new Date(Math.floor(at / 1000)).toISOString().slice(0, 19).split('T');
        const fraction = String(at % 1_000_000).padStart(6, '0');
        expect(microsOf(`${day} ${time}.${fraction}`)).toBe(at);
        expect(microsOf(`${day}T${time}.${fraction}+00:00`)).toBe(at);
      }),
    );
  });

  test.each([null, undefined, '', 'yesterday', -1, Number.NaN, 1e308, 1789379700251, true, {}])('%s is none', (value) =>
    expect(microsOf(value)).toBe(undefined),
  );

  test('response_time of a streamed call is its time to the first token, not its latency', () => {
    const call = { startTime: 100, completionStartTime: 100.5, endTime: 104, response_time: 0.5, stream: true };
    expect(timesOf(reading(call))).toMatchObject({ latency_ms: 4000, time_to_first_token_ms: 500 });
    expect(timesOf(reading({ response_time: 0.5, stream: true })).latency_ms).toBe(undefined);
    expect(timesOf(reading({ response_time: '0.5' })).latency_ms).toBe(500);
  });

  test('a clock set back gives no negative latency', () =>
    expect(timesOf(reading({ startTime: 100, endTime: 99 })).latency_ms).toBe(undefined));
});

describe('tokens', () => {
  const usage = (prompt_tokens: unknown, read: number, written: number) =>
    tokensOf(
      reading({
        prompt_tokens,
        metadata: { usage_object: { cache_read_input_tokens: read, cache_creation_input_tokens: written } },
      }),
    );

  test.each([
    ['all inside', 20449, 18230, 2210, 20449],
    ['only reads inside', 18239, 18230, 2210, 20449],
    ['none inside', 9, 18230, 2210, 20449],
    ['nothing cached', 9, 0, 0, 9],
    ['as text', '20449', 18230, 2210, 20449],
  ])('%s', (_, prompt, read, written, tokens_prompt) =>
    expect(usage(prompt, read, written)).toMatchObject({
      tokens_prompt,
      tokens_cache_read: read,
      tokens_cache_write: written,
    }),
  );

  test('cached tokens are never more than the prompt they are part of', () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, count, (prompt, read, written) => {
        expect(usage(prompt, read, written).tokens_prompt).toBeGreaterThanOrEqual(read + written);
      }),
    );
  });

  test("OpenAI's details are read where the response alone has them", () => {
    const response = { usage: { prompt_tokens: 120, prompt_tokens_details: { cached_tokens: 64 } } };
    const found = tokensOf(reading({ prompt_tokens: 120, response }));
    expect(found).toMatchObject({ tokens_prompt: 120, tokens_cache_read: 64, tokens_cache_write: undefined });
  });
});

test.each([
  [0.00022500000000000002, 225],
  ['0.0004125', 413],
  [0, 0],
  [null, undefined],
  ['free', undefined],
])('a cost of %s dollars is %s millionths', (response_cost, cost) =>
  expect(costOf(reading({ response_cost }))).toBe(cost),
);

describe('reading', () => {
  test('what is taken and what is left is all there was', () => {
    const payload = { a: '1', b: { c: 'x', d: '007', e: ['y'] }, f: 'x' };
    const read = reading(payload);
    expect([read.count('a'), read.text('b', 'c'), read.count('b', 'd'), read.word('f')]).toEqual([1, 'x', 7, 'x']);
    expect(read.rest()).toEqual({ b: { d: '007', e: ['y'] }, f: 'x' });
    expect(payload.b.c).toBe('x');
  });

  test('knows own leaves only', () => expect(reading({}).peek('constructor', 'name')).toBe(undefined));
});
