import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import { promptTokens } from '../tokens.ts';

type Usage = Pick<Mapped, 'tokens_prompt' | 'tokens_completion' | 'tokens_cache_read' | 'tokens_cache_write'>;

/** Where versions of LiteLLM keep the usage object they computed; `response` has it even in the oldest. */
const PLACES = [
  ['metadata', 'usage_object'],
  ['hidden_params', 'usage_object'],
  ['response', 'usage'],
] as const;

const READ = [['cache_read_input_tokens'], ['prompt_tokens_details', 'cached_tokens']] as const;
const WRITTEN = [['cache_creation_input_tokens'], ['prompt_tokens_details', 'cache_creation_tokens']] as const;

/**
 * `prompt_tokens` has cached tokens in it, once: OpenAI counts them so, and LiteLLM adds cache_read_input_tokens and
 * cache_creation_input_tokens to Anthropic's input_tokens (litellm/llms/anthropic/chat/transformation.py,
 * calculate_usage). Earlier versions added only the first or neither; where the sum shows it, what is missing is added
 * here and the count as it came stays an attribute.
 */
export function tokensOf(read: Reading): Usage {
  const [cached, written] = [cacheCount(read, READ), cacheCount(read, WRITTEN)];
  const prompt = read.number('prompt_tokens');
  const whole = promptTokens(prompt, cached, written);
  return {
    tokens_prompt: whole === undefined || whole === prompt ? read.count('prompt_tokens') : whole,
    tokens_completion: read.count('completion_tokens'),
    tokens_cache_read: cached,
    tokens_cache_write: written,
  };
}

function cacheCount(read: Reading, paths: readonly (readonly string[])[]): number | undefined {
  for (const place of PLACES) {
    if (read.peek(...place) == null) continue;
    for (const path of paths) {
      const count = read.number(...place, ...path);
      if (count !== undefined && Number.isSafeInteger(count) && count >= 0) return count;
    }
  }
  return undefined;
}

/** LiteLLM's float keeps digits below a millionth of a dollar, so it stays an attribute. */
export function costOf(read: Reading): number | undefined {
  const micros = Math.round((read.number('response_cost') ?? Number.NaN) * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : undefined;
}
