import type { Random } from './random.ts';

export interface Model {
  readonly name: string;
  /** Micro-USD per token, as the gateways' price tables have it. */
  readonly input: number;
  readonly output: number;
}

/** What Alderbrook's policy allows. */
export const MODELS = [
  { name: 'claude-opus-5', input: 5, output: 25 },
  { name: 'claude-sonnet-5', input: 3, output: 15 },
  { name: 'claude-haiku-5', input: 1, output: 5 },
] as const satisfies readonly Model[];

export interface Usage {
  readonly model: Model;
  /** Not from the cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costMicros: number;
  readonly tookMs: number;
}

/** A call of a size that chats have. Small models are asked most. */
export function chat(random: Random, model: Model = anyModel(random)): Usage {
  return usage(model, random.integer(40, 3000), random.integer(20, 900), 0, 0);
}

/** A call of a coding agent: most of its context is cached. */
export function turn(random: Random, model: Model = anyModel(random)): Usage {
  const cacheRead = random.integer(2_000, 90_000);
  return usage(model, random.integer(4, 900), random.integer(30, 1400), cacheRead, random.integer(0, 4000));
}

function anyModel(random: Random): Model {
  return random.pick([MODELS[0], MODELS[1], MODELS[1], MODELS[2], MODELS[2]]);
}

/** Cached tokens cost a tenth of an input token to read and a quarter more to write; answers stream at 80 tokens a second. */
function usage(model: Model, input: number, output: number, cacheRead: number, cacheWrite: number): Usage {
  const cost = input * model.input + output * model.output + (cacheRead * 0.1 + cacheWrite * 1.25) * model.input;
  const tookMs = 350 + Math.round(output * 12.5);
  return { model, input, output, cacheRead, cacheWrite, costMicros: Math.round(cost), tookMs };
}
