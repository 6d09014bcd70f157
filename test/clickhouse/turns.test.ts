import { expect, test } from 'vitest';
import { TooManyQueries } from '../../services/clickhouse/streams.ts';
import { Turns } from '../../services/clickhouse/turns.ts';

const never = new AbortController().signal;

test('so many at once, the others in the order they came', async () => {
  let made = 0;
  const turns = new Turns(2, () => made++);
  const [one, two] = [await turns.take(never), await turns.take(never)];
  const order: string[] = [];
  const third = turns.take(never).then((tool) => order.push(`third ${tool}`));
  const fourth = turns.take(never).then((tool) => order.push(`fourth ${tool}`));
  turns.give(two);
  turns.give(one);
  await Promise.all([third, fourth]);
  expect([made, order]).toEqual([2, ['third 1', 'fourth 0']]);
});

test('who leaves the queue takes nobody’s turn', async () => {
  const turns = new Turns(1, () => 'tool');
  await turns.take(never);
  const leaving = new AbortController();
  const left = turns.take(leaving.signal);
  const next = turns.take(never);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  turns.give('tool');
  expect(await next).toBe('tool');
});

test('a queue has an end', async () => {
  const turns = new Turns(1, () => 'tool');
  await turns.take(never);
  const waiting = Array.from({ length: 100 }, () => turns.take(never));
  await expect(turns.take(never)).rejects.toThrow(TooManyQueries);
  for (const each of waiting) {
    turns.give('tool');
    await each;
  }
});
