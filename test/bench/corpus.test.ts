import { expect, test } from 'vitest';
import { bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { judge } from '../../services/processes/ingest/judge.ts';
import { company } from './corpus/company.ts';
import type { Message, Workload } from './corpus/messages.ts';
import { SHAPES } from './corpus/shapes.ts';
import { supply } from './corpus/supply.ts';

const COUNT = 3_000;
const people = company(1_000);
const binding = bind(DEFAULT_TOPICS).get('gateway.events');
const made = (workload: Workload): readonly Message[] => supply(workload, people).take(COUNT).messages;
const share = (messages: readonly Message[], is: (message: Message) => boolean): number =>
  messages.filter(is).length / messages.length;

/** The literals of a message: its keys, in their order. */
const skeleton = ({ value }: Message): string => (value.toString().match(/"[\w-]+":/g) ?? []).join('');

test('the same workload gives the same bytes, each workload others', () => {
  const told = (workload: Workload, pieces: readonly number[], from = people): string => {
    const source = supply(workload, from);
    for (const count of pieces) source.take(count);
    return source.told();
  };
  const hashes = (['W1', 'W3', 'W4'] as const).map((workload) => told(workload, [500]));
  expect(told('W1', [200, 300], company(1_000))).toBe(hashes[0]);
  expect(new Set(hashes).size).toBe(3);
});

test('what the format takes is all but what was spoilt', () => {
  for (const { kind, value } of made('W4')) {
    const judged = judge(value, 'json', binding?.formats ?? []);
    expect(judged.kind).toBe(kind === 'invalid' ? 'rejected' : 'accepted');
    if (judged.kind === 'accepted') expect(judged.drafts).toHaveLength(1);
  }
});

test('24 shapes, the first the most frequent', () => {
  const calls = made('W1').filter(({ kind }) => kind === 'call');
  const skeletons = Map.groupBy(calls, skeleton);
  expect(skeletons.size).toBe(SHAPES.length);
  expect(SHAPES).toHaveLength(24);
  const first = share(calls, ({ shape }) => shape === 0);
  expect(first).toBeGreaterThan(3 * share(calls, ({ shape }) => shape === 3));
  expect(calls.every(({ shape, ...call }) => skeletons.get(skeleton({ shape, ...call }))?.[0]?.shape === shape)).toBe(
    true,
  );
});

test('W4 has an order of keys for every message', () => {
  const calls = made('W4').filter(({ kind }) => kind === 'call');
  expect(new Set(calls.map(skeleton)).size).toBeGreaterThan(0.99 * calls.length);
});

test('sizes and shares are those that are promised', () => {
  const messages = made('W1');
  const sizes = messages
    .filter(({ kind, isForeign }) => kind === 'call' && !isForeign)
    .map(({ value }) => value.length);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1_300);
  expect(Math.max(...sizes)).toBeLessThan(1_550);
  expect(share(messages, ({ kind }) => kind === 'invalid')).toBeCloseTo(0.01, 2);
  expect(share(messages, ({ kind }) => kind === 'duplicate')).toBeCloseTo(0.005, 2);
  expect(share(messages, ({ isForeign }) => isForeign)).toBeCloseTo(0.03, 1);
  const large = made('W3').filter(({ isLarge }) => isLarge);
  expect(large.length / COUNT).toBeCloseTo(0.02, 2);
  expect(large.every(({ value, kind }) => kind === 'invalid' || value.length >= 64 * 1024)).toBe(true);
});

test('a duplicate repeats an earlier message, byte for byte', () => {
  const messages = made('W1');
  const repeated = messages.flatMap((message, index) => (message.kind === 'duplicate' ? [{ message, index }] : []));
  expect(repeated.length).toBeGreaterThan(0);
  for (const { message, index } of repeated)
    expect(messages.slice(0, index).some(({ value }) => value.equals(message.value))).toBe(true);
});
