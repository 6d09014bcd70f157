import type { Mapped } from '../../core/format.ts';
import type { Flat } from '../flat.ts';

type Model = Pick<
  Mapped,
  | 'provider'
  | 'model_requested'
  | 'model_served'
  | 'tokens_prompt'
  | 'tokens_completion'
  | 'tokens_cache_read'
  | 'tokens_cache_write'
  | 'cost_micro_usd'
  | 'latency_ms'
  | 'time_to_first_token_ms'
>;

/**
 * Input tokens have the cached ones in them (agentgateway's documentation of its token metric). `llm.*` is how versions
 * before the names of OpenTelemetry spelt the same.
 */
export function modelOf(read: Flat): Model {
  return {
    provider: read.text('gen_ai.provider.name') ?? read.text('llm.provider'),
    model_requested: read.text('gen_ai.request.model') ?? read.text('llm.request.model'),
    model_served: read.text('gen_ai.response.model') ?? read.text('llm.response.model'),
    tokens_prompt: read.count('gen_ai.usage.input_tokens') ?? read.count('llm.request.tokens'),
    tokens_completion: read.count('gen_ai.usage.output_tokens') ?? read.count('llm.response.tokens'),
    tokens_cache_read: read.count('gen_ai.usage.cache_read.input_tokens'),
    tokens_cache_write: read.count('gen_ai.usage.cache_creation.input_tokens'),
    cost_micro_usd: costOf(read),
    latency_ms: durationOf(read),
    time_to_first_token_ms: firstTokenOf(read),
  };
}

/** Dollars may be finer than a millionth, so they stay an attribute. */
function costOf(read: Flat): number | undefined {
  const micros = Math.round((read.number('agw.ai.usage.cost.total') ?? Number.NaN) * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** Whole milliseconds with their unit. */
function durationOf(read: Flat): number | undefined {
  const [, digits] = /^(0|[1-9]\d{0,14})ms$/.exec(read.word('duration') ?? '') ?? [];
  if (digits === undefined) return undefined;
  read.take('duration');
  return Number(digits);
}

/** Seconds in the line. */
function firstTokenOf(read: Flat): number | undefined {
  const seconds = read.number('agw.ai.time_to_first_token');
  return seconds === undefined ? undefined : seconds * 1000;
}
