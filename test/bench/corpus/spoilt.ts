import type { Random } from '../../../services/processes/demo/random.ts';

/** Ways in which a message is none that a format could take. */
const WAYS: readonly ((value: Buffer, dice: Random) => Buffer)[] = [
  (value, dice) => value.subarray(0, dice.integer(1, value.length - 1)),
  (value) => Buffer.from(value.toString().replace('"call_type":', '"call":')),
  (value) => Buffer.from(value.toString().replace(/"call_type":"\w+"/, '"call_type":7')),
  (value, dice) => {
    const copy = Buffer.from(value);
    // 0xff stands nowhere in UTF-8.
    copy[dice.integer(value.length >> 1, value.length - 2)] = 0xff;
    return copy;
  },
  (value) => Buffer.from(value.subarray(1)),
];

export const spoilt = (value: Buffer, dice: Random): Buffer => dice.pick(WAYS)(value, dice);
