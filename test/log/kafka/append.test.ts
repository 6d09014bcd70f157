import type { Message } from 'kafkajs';
import { expect, test } from 'vitest';
import { silent } from '../../../services/core/logger.ts';
import { openAppender } from '../../../services/log/kafka/append.ts';
import type { Producers } from '../../../services/log/kafka/producer.ts';
import { fakeClock } from '../../support/clock.ts';

type Answer = 'taken' | 'away' | 'refused' | 'unknown partition';

/** Producers whose sends end as the script says, and then all well; keeps what was sent and how each loan ended. */
function scripted(answers: Answer[]) {
  const sent: string[][] = [];
  const outcomes: string[] = [];
  let end = 0;
  const answer = (messages: readonly Message[]) => {
    switch (answers.shift() ?? 'taken') {
      case 'away':
        throw Object.assign(new Error('away'), { retriable: true });
      case 'refused':
        throw Object.assign(new Error('refused'), { retriable: false });
      case 'unknown partition':
        return [];
      case 'taken': {
        const baseOffset = String(end);
        end += messages.length;
        return [{ topicName: 't', partition: 0, errorCode: 0, baseOffset }];
      }
    }
  };
  const producers: Producers = {
    async lend() {
      return {
        async send(_, messages) {
          sent.push(messages.map(({ value }) => String(value)));
          await new Promise((resolve) => setImmediate(resolve));
          return answer(messages);
        },
        done: (outcome) => void outcomes.push(outcome),
      };
    },
    async close() {},
  };
  return { appender: openAppender(producers, fakeClock(), silent), sent, outcomes };
}

const record = (value: string) => ({ value: Buffer.from(value) });

test('a chunk that was not taken is sent again, the same, by the same producer', async () => {
  const { appender, sent, outcomes } = scripted(['away', 'away']);
  expect(await appender.append('t', 0, [record('a'), record('b')])).toBe(0);
  expect(sent).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(outcomes).toEqual(['sent']);
});

test('one chunk of a partition is on its way at a time, and what waits goes together', async () => {
  const { appender, sent } = scripted([]);
  const offsets = await Promise.all(['a', 'b', 'c'].map((value) => appender.append('t', 0, [record(value)])));
  expect(offsets).toEqual([0, 1, 2]);
  expect(sent).toEqual([['a'], ['b', 'c']]);
});

test('a producer whose send was given up is not used again', async () => {
  const { appender, outcomes } = scripted(['refused']);
  await expect(appender.append('t', 0, [record('a')])).rejects.toThrow('refused');
  expect(await appender.append('t', 0, [record('b')])).toBe(0);
  expect(outcomes).toEqual(['given up', 'sent']);
});

test('no answer is no success', async () => {
  const { appender } = scripted(['unknown partition']);
  await expect(appender.append('t', 7, [record('a')])).rejects.toThrow('partition');
});

test('nothing behind a failed chunk of an append is sent', async () => {
  const { appender, sent } = scripted(['taken', 'refused']);
  const large = ['a', 'b', 'c'].map((letter) => record(letter.repeat(600_000)));
  await expect(appender.append('t', 0, large)).rejects.toThrow('refused');
  expect(sent.map(([value]) => value?.[0])).toEqual(['a', 'b']);
});

test('closing turns down what is not durable', async () => {
  const { appender } = scripted([]);
  const waiting = appender.append('t', 0, [record('a')]);
  await Promise.all([expect(waiting).rejects.toThrow('unknown'), appender.close()]);
  await expect(appender.append('t', 0, [record('b')])).rejects.toThrow();
});
