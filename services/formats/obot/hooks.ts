import type { Guardrail } from '../../core/records.generated.ts';
import type { AuditLogEvent } from './schema.ts';

/** What a hook of Obot's MCP shim says about a message: its words are `ok`, `rejected` and `mutated`. */
const VERDICTS: Readonly<Record<string, Pick<Guardrail, 'verdict' | 'mode'>>> = {
  ok: { verdict: 'pass', mode: '' },
  rejected: { verdict: 'block', mode: '' },
  mutated: { verdict: 'mask', mode: 'mutate' },
};

const UNKNOWN = { verdict: '', mode: '' };

/** Webhooks filter requests and responses: guardrails by another name. Their status stays an attribute. */
export function guardrailsOf({ details }: AuditLogEvent): readonly Guardrail[] | undefined {
  return details?.webhookStatuses?.map(({ name, type, status }) => ({
    ...(status != null && Object.hasOwn(VERDICTS, status) ? (VERDICTS[status] ?? UNKNOWN) : UNKNOWN),
    name: name ?? '',
    provider: '',
    phase: type ?? '',
    categories: [],
    masked_count: null,
  }));
}
