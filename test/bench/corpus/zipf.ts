import type { Random } from '../../../services/processes/demo/random.ts';

/** Picks ranks from 0 with a weight of 1 / (rank + 1)^exponent. */
export function zipf(ranks: number, exponent: number): (dice: Random) => number {
  const sums = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 0; rank < ranks; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return (dice) => {
    const wanted = dice.next() * sum;
    let [low, high] = [0, ranks - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
