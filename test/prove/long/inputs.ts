import type { Binding } from '../../../services/processes/bindings.ts';
import { type Random, random } from '../../../services/processes/demo/random.ts';
import { random as draws } from '../../privacy/corpus/random.ts';
import { type Canary, CREDENTIALS } from '../../support/canaries.ts';
import { bytesOf, type Fixture } from './fixtures.ts';
import { noise, noisy } from './noise.ts';
import { isRaw } from './raw.ts';
import { replaced, reshaped, spotsIn } from './shapes.ts';

/** A message that is to be judged. */
export interface Input {
  readonly number: number;
  readonly binding: Binding;
  readonly value: Buffer;
  /** A credential that stands in it, whole, and must come out nowhere. */
  readonly canary: Canary | undefined;
}

/** In a hundred: as it is, with a credential, reshaped, reshaped and with other bytes, nothing any format has made. */
const SHARES = [4, 28, 44, 20, 4] as const;

/** The same number makes the same message. */
export function inputOf(number: number, all: readonly Fixture[]): Input {
  const dice = random(number);
  const fixture = dice.pick(all);
  const other = bytesOf(dice.pick(all)) ?? Buffer.alloc(0);
  const { binding } = fixture;
  const sound = bytesOf(fixture) ?? Buffer.alloc(0);
  const made = (value: Buffer, canary?: Canary): Input => ({ number, binding, value, canary });
  switch (drawn(dice)) {
    case 0:
      return made(sound);
    case 1: {
      const planted = withCanary({ binding, wire: changed(fixture.wire, dice.integer(0, 1), dice) }, dice, number);
      return planted === undefined ? made(noisy(sound, dice, other)) : made(planted.value, planted.canary);
    }
    case 2:
      return made(bytesOf({ binding, wire: changed(fixture.wire, dice.integer(1, 3), dice) }) ?? sound);
    case 3: {
      const bytes = bytesOf({ binding, wire: changed(fixture.wire, dice.integer(0, 1), dice) }) ?? sound;
      return made(noisy(bytes, dice, other));
    }
    default:
      return made(dice.integer(0, 1) === 0 ? noise(dice, other) : other);
  }
}

function drawn(dice: Random): number {
  let left = dice.integer(0, 99);
  return SHARES.findIndex((share) => {
    left -= share;
    return left < 0;
  });
}

/** Lines of text are changed as bytes alone. */
function changed(wire: unknown, times: number, dice: Random): unknown {
  let now = wire;
  if (typeof wire !== 'string') for (let time = 0; time < times; time++) now = reshaped(now, dice);
  return now;
}

/** A credential in place of a text or behind it. Undefined where there is none, or what came of it cannot be written. */
function withCanary({ binding, wire }: Fixture, dice: Random, number: number) {
  const texts = spotsIn(wire).filter(({ path, was }) => path.length > 0 && typeof was === 'string' && !isRaw(was));
  if (texts.length === 0) return undefined;
  const canary = dice.pick(CREDENTIALS).make(draws(number));
  const { path } = dice.pick(texts);
  const isWhole = dice.integer(0, 1) === 0;
  const value = bytesOf({
    binding,
    wire: replaced(wire, path, (was) => (isWhole ? canary.text : `${String(was)} ${canary.text}`)),
  });
  return value === undefined ? undefined : { value, canary };
}
