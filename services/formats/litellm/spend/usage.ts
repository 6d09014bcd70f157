import type { Mapped } from '../../../core/format.ts';
import type { Reading } from '../../reading.ts';
import { promptTokens } from '../../tokens.ts';

type Usage = Pick<Mapped, 'tokens_prompt' | 'tokens_completion' | 'tokens_cache_read' | 'tokens_cache_write'>;

/** Where a row keeps what its own columns have no room for; older rows have the second alone. */
const PLACES = [
  ['metadata', 'usage_object'],
  ['metadata', 'additional_usage_values'],
  ['response', 'usage'],
] as const;

const READ = [['cache_read_input_tokens'], ['prompt_tokens_details', 'cached_tokens']] as const;
const WRITTEN = [['cache_creation_input_tokens'], ['prompt_tokens_details', 'cache_creation_tokens']] as const;

/** Where cached tokens had to be added, the count as it came stays an attribute. */
export function tokensOf(read: Reading): Usage {
  const [cached, written] = [cacheCount(read, READ), cacheCount(read, WRITTEN)];
  const counted = read.number('prompt_tokens');
  const prompt = promptTokens(counted, cached, written);
  return {
    tokens_prompt: prompt === counted ? read.count('prompt_tokens') : prompt,
    tokens_completion: read.count('completion_tokens'),
    tokens_cache_read: cached,
    tokens_cache_write: written,
  };
}

function cacheCount(read: Reading, paths: readonly (readonly string[])[]): number | undefined {
  const counts = PLACES.flatMap((place) => paths.map((path) => read.number(...place, ...path)));
  return counts.find((count) => count !== undefined && Number.isSafeInteger(count) && count >= 0);
}

/** A float of dollars that keeps digits below a millionth, so it stays an attribute. */
export function costOf(read: Reading): number | undefined {
  const micros = Math.round((read.number('spend') ?? Number.NaN) * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : undefined;
}
