import { type Random, random } from '../../../services/processes/demo/random.ts';
import type { Company } from './company.ts';
import { payload } from './payload.ts';
import { prose } from './prose.ts';
import { SHAPES } from './shapes.ts';
import { shuffled } from './shuffled.ts';
import { spoilt } from './spoilt.ts';
import { zipf } from './zipf.ts';

/** W1: calls of 24 shapes. W3: among them prompts of 64 to 256 KB. W4: the keys of every message in an order of its own. */
export type Workload = 'W1' | 'W3' | 'W4';

export interface Message {
  readonly value: Buffer;
  /** When the log received it. */
  readonly at: Date;
  readonly kind: 'call' | 'invalid' | 'duplicate';
  /** Rank of its shape; that of what it was made of where it is invalid, or a duplicate. */
  readonly shape: number;
  /** Whether its texts hold letters beyond ASCII, or what JSON escapes. */
  readonly isForeign: boolean;
  readonly isLarge: boolean;
}

const SEED = 20_260_115;
const START = Date.UTC(2026, 0, 15, 8);
const BETWEEN_MS = 20;

const SHARES = { invalid: 0.01, duplicate: 0.005, foreign: 0.03, large: 0.02 } as const;
const SIZE = { least: 1_300, most: 1_500 } as const;
const LARGE = { least: 64 * 1024, most: 256 * 1024 } as const;
/** A producer sends again what it sent not long ago. */
const REMEMBERED = 100;

const pickShape = zipf(SHAPES.length, 1);

/** Without end; the same workload gives the same messages on every machine. */
export function* messages(workload: Workload, { callers }: Company, seed = SEED): Generator<Message, never> {
  const dice = random(seed);
  const pickCaller = zipf(callers.length, 0.8);
  const sent: Message[] = [];
  for (let index = 0; ; index++) {
    const at = new Date(START + index * BETWEEN_MS);
    const fate = dice.next();
    const earlier = sent[dice.integer(0, REMEMBERED - 1)];
    if (fate < SHARES.duplicate && earlier !== undefined) {
      yield { ...earlier, at, kind: 'duplicate' };
      continue;
    }
    const caller = callers[pickCaller(dice)];
    if (caller === undefined) throw new RangeError('a company without people');
    const call = callOf(workload, caller, at, dice);
    const isInvalid = fate > 1 - SHARES.invalid;
    const message: Message = {
      ...call,
      value: isInvalid ? spoilt(call.value, dice) : call.value,
      kind: isInvalid ? 'invalid' : 'call',
    };
    if (!isInvalid) sent[index % REMEMBERED] = message;
    yield message;
  }
}

function callOf(workload: Workload, caller: Company['callers'][number], at: Date, dice: Random): Omit<Message, 'kind'> {
  const shape = pickShape(dice);
  const features = SHAPES[shape];
  if (features === undefined) throw new RangeError('no such shape');
  const isForeign = dice.next() < SHARES.foreign;
  const isLarge = workload === 'W3' && dice.next() < SHARES.large;
  const { least, most } = isLarge ? LARGE : SIZE;
  const size = dice.integer(least, most);
  const values = dice.integer(0, 2 ** 32 - 1);
  const telling = (question: string, answer: string): object =>
    payload(features, { caller, endedAt: at.getTime() - 500, question, answer }, random(values));
  const room = size - JSON.stringify(telling('', '')).length;
  const answer = prose(dice, Math.min(room / 2, 1_000), false);
  const whole = telling(prose(dice, room - answer.length, isForeign), answer);
  const text = JSON.stringify(workload === 'W4' ? shuffled(whole, dice) : whole);
  return { value: Buffer.from(isForeign && dice.next() < 0.5 ? ascii(text) : text), at, shape, isForeign, isLarge };
}

/** As Python's json.dumps writes by default. */
const ascii = (text: string): string =>
  text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
