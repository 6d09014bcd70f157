import type { Mapped } from '../../core/format.ts';
import { isObject, type Reading } from '../reading.ts';
import { promptTokens } from '../tokens.ts';
import type { Place } from './act.ts';

/** The plugin that passes on the caller's own request; others ask a model beside it. */
const PROXIES: readonly string[] = ['proxy', 'ai-proxy', 'ai-proxy-advanced'];

const JUDGE = 'ai-llm-as-judge';

/** The calls of models in an entry, the caller's own first. */
export function callsOf(read: Reading): readonly Place[] {
  const ai = read.peek('ai');
  const plugins = isObject(ai) ? Object.keys(ai) : [];
  const places = plugins.flatMap((name): Place[] => [
    ['ai', name],
    ['ai', name, JUDGE],
  ]);
  const calls = places.filter((place) => isCall(read, place));
  const own = calls.filter(([, name = '', judge]) => PROXIES.includes(name) && judge === undefined);
  return [...own, ...calls.filter((place) => !own.includes(place))];
}

const isCall = (read: Reading, place: Place): boolean =>
  isObject(read.peek(...place, 'meta')) || isObject(read.peek(...place, 'usage'));

/** Columns of one call of a model. */
export function modelOf(read: Reading, place: Place): Partial<Mapped> {
  const cached = read.count(...place, 'usage', 'prompt_tokens_details', 'cached_tokens');
  return {
    // For a judge it is the model that it judges.
    model_requested: place.at(-1) === JUDGE ? undefined : read.text(...place, 'meta', 'request_model'),
    model_served: read.text(...place, 'meta', 'response_model'),
    provider: read.text(...place, 'meta', 'provider_name'),
    tokens_prompt: promptOf(read, place, cached),
    tokens_completion: countOf(read, place, ['completion_tokens', 'completion_token', 'output_tokens']),
    tokens_cache_read: cached,
    time_to_first_token_ms: read.milliseconds(...place, 'usage', 'time_to_first_token'),
    cost_micro_usd: costOf(read, place),
  };
}

/** Earlier versions of Kong write `prompt_token`; calls of images and sound have `input_tokens`. */
const PROMPT = ['prompt_tokens', 'prompt_token', 'input_tokens'];

function promptOf(read: Reading, place: Place, cached: number | undefined): number | undefined {
  const name = saidOf(read, place, PROMPT);
  const counted = name === undefined ? undefined : read.number(...place, 'usage', name);
  const prompt = promptTokens(counted, cached);
  return prompt === counted ? countOf(read, place, PROMPT) : prompt;
}

function countOf(read: Reading, place: Place, names: readonly string[]): number | undefined {
  const name = saidOf(read, place, names);
  return name === undefined ? undefined : read.count(...place, 'usage', name);
}

const saidOf = (read: Reading, place: Place, names: readonly string[]): string | undefined =>
  names.find((name) => read.number(...place, 'usage', name) !== undefined);

/** Reckoned from prices per million tokens that the operator sets, read as dollars; digits below a millionth stay an attribute. */
function costOf(read: Reading, place: Place): number | undefined {
  const micros = Math.round((read.number(...place, 'usage', 'cost') ?? Number.NaN) * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : undefined;
}
