import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { company } from '../bench/corpus/company.ts';
import { surroundings } from '../bench/surroundings.ts';
import { ended } from './long/ended.ts';
import { bytesOf, fixtures } from './long/fixtures.ts';
import { type Input, inputOf } from './long/inputs.ts';
import { openKept, sideBySide } from './long/kept.ts';
import { raw, textOf } from './long/raw.ts';
import { percentile, slope } from './long/watching.ts';

const all = fixtures();
const { broken: _, ...around } = surroundings(company(10));
const now = new Date('2027-01-01T00:00:00Z');
const numbers = Array.from({ length: 1_000 }, (_, number) => number);
const inputs = numbers.map((number) => inputOf(number, all));

test('every default topic and every encoding has fixtures that can be written', () => {
  const topics = new Set(all.map(({ binding }) => binding.topic));
  expect([...topics]).toEqual([...bind(DEFAULT_TOPICS).keys()]);
  for (const fixture of all) expect(bytesOf(fixture)?.length, fixture.binding.topic).toBeGreaterThan(0);
});

test('a number makes the same message again, and others make others', () => {
  expect(numbers.map((number) => inputOf(number, all).value)).toEqual(inputs.map(({ value }) => value));
  expect(new Set(inputs.map(({ value }) => value.toString('base64'))).size).toBeGreaterThan(700);
});

test('what no value can be stringified to stands in the message as it is', () => {
  expect(textOf({ a: raw('1e999'), b: [raw('1,"b":"x\\u0000"')] })).toBe('{"a":1e999,"b":[1,"b":"x\\u0000"]}');
});

test('every message ends once, and what comes of it reads back', () => {
  for (const [binding, some] of Map.groupBy(inputs, (input) => input.binding)) {
    const { accepted, skipped, quarantined, faults } = ended(some, { ...around, binding, now });
    expect(faults).toEqual([]);
    expect(accepted + skipped + quarantined).toBe(some.length);
  }
});

test('what comes out is seen to hold what was planted', () => {
  const fixture = all.find(({ binding }) => binding.topic === 'endpoint.events');
  if (fixture === undefined) throw new Error('no fixture');
  const words = 'no credential at all';
  const wire = {
    trailhouse: 1,
    time: '2026-01-05T10:00:00Z',
    action: 'shell.exec',
    outcome: 'success',
    command: words,
  };
  const { binding } = fixture;
  const value = bytesOf({ binding, wire });
  if (value === undefined) throw new Error('not written');
  const input: Input = { number: 3, binding, value, canary: { kind: 'words', text: words, pieces: [words] } };
  expect(ended([input], { ...around, binding, now }).faults).toEqual([
    'endpoint.events: input 3: words in events (plain)',
  ]);
});

test('what is kept is not run again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-kept-'));
  const file = join(folder, 'kept.jsonl');
  const run = (count: number) => openKept(file).once('one', z.object({ count: z.number() }), async () => ({ count }));
  expect(await run(1)).toEqual({ count: 1 });
  expect(await run(2)).toEqual({ count: 1 });
  rmSync(folder, { recursive: true });
});

test('results come in the order of what was asked', async () => {
  const waits = [3, 1, 2].map((turns) => async () => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    return turns;
  });
  expect(await sideBySide(2, waits)).toEqual([3, 1, 2]);
});

test('percentiles and slopes', () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(3);
  expect(percentile([], 0.5)).toBeNaN();
  const line = [0, 1, 2].map((x): [number, number] => [x, 5 + 2 * x]);
  expect(slope(line)).toBeCloseTo(2);
});
