import type { Draft } from '../../core/event.ts';

/** Inference hooks ask an organisation's own webhook about prompts and answers; these types tell what came of it. */
const VERDICTS: Readonly<Record<string, string>> = {
  inference_hooks_request_denied: 'block',
  inference_hooks_request_failed_open: 'error',
};

export function guardrailsOf(type: string): Draft['guardrails'] {
  const verdict = Object.hasOwn(VERDICTS, type) ? VERDICTS[type] : undefined;
  if (verdict === undefined) return undefined;
  const guardrail = { name: 'inference_hooks', provider: '', phase: '', mode: 'validate', verdict };
  return [{ ...guardrail, categories: [], masked_count: null }];
}
