import { MINUTE } from './message.ts';
import type { Random } from './random.ts';

/** How much of a day's work begins in each hour from seven on: a slow start, a lunch, a long afternoon. */
const WEIGHTS = [2, 6, 10, 11, 9, 4, 7, 10, 10, 8, 4, 1];
const TOTAL = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
const FIRST_HOUR = 7;

/** A moment of the working day in milliseconds. */
export function workingTime(day: number, random: Random): number {
  let left = random.next() * TOTAL;
  const hour = WEIGHTS.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return day + (FIRST_HOUR + hour) * 60 * MINUTE + random.integer(0, 60 * MINUTE - 1);
}
