import type { Guardrail } from '../../core/records.generated.ts';
import { isObject, type Reading } from '../reading.ts';

/** GuardrailStatus of litellm/types/utils.py but for guardrail_intervened; `failure` and `blocked` are older words. */
const VERDICTS: ReadonlyMap<string | undefined, string> = new Map([
  ['success', 'pass'],
  ['guardrail_flagged', 'flag'],
  ['guardrail_failed_to_respond', 'error'],
  ['not_run', 'not_run'],
  ['failure', 'block'],
  ['blocked', 'block'],
]);

/** `failed` says how the call ended that the guardrail ran in. */
export function recordOf(run: Reading, failed: boolean): Guardrail {
  const status = run.word('guardrail_status');
  const categories = run.peek('violation_categories');
  // What stepped in and let the call go on changed it.
  const verdict = status === 'guardrail_intervened' ? (failed ? 'block' : 'mask') : (VERDICTS.get(status) ?? '');
  return {
    name: run.word('guardrail_name') ?? '',
    provider: run.word('guardrail_provider') ?? '',
    phase: phaseOf(run.peek('guardrail_mode')),
    mode: verdict === 'mask' ? 'mutate' : '',
    verdict,
    categories: Array.isArray(categories) ? categories.filter((category) => typeof category === 'string') : [],
    masked_count: maskedOf(run.peek('masked_entity_count')),
  };
}

/** A hook such as pre_call, a list of hooks, or hooks by request tag with a default. */
function phaseOf(mode: unknown): string {
  if (typeof mode === 'string') return mode;
  if (Array.isArray(mode)) return mode.filter((hook) => typeof hook === 'string').join(',');
  return isObject(mode) ? phaseOf(mode.default) : '';
}

/** The sum over kinds of entities. */
function maskedOf(counts: unknown): number | null {
  if (!isObject(counts)) return null;
  const whole = Object.values(counts)
    .filter((count) => typeof count === 'number')
    .filter(Number.isSafeInteger);
  return whole.reduce((sum, count) => sum + count, 0);
}
