import type { Action, Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Guardrail } from '../../core/records.generated.ts';
import type { Flat } from '../flat.ts';

/** Reasons of agentgateway (ProxyResponseReason) that mean: not allowed. */
const REFUSED: readonly string[] = ['JwtAuth', 'BasicAuth', 'APIKeyAuth', 'ExtAuth', 'Authorization', 'Guardrail'];

/** gRPC's PERMISSION_DENIED and UNAUTHENTICATED. */
const GRPC_REFUSED: readonly number[] = [7, 16];

type End = Pick<Mapped, 'status_code' | 'error_type' | 'error_message' | 'guardrails'>;

/** What stopped a request, where a limit or a guardrail did. A budget is a limit that says so. */
export function stopOf(read: Flat): Action | undefined {
  if (read.word('reason') === 'Guardrail') return 'guardrail.fired';
  if (read.number('http.status') !== 429) return undefined;
  return /\bbudget\b/i.test(read.word('error') ?? '') ? 'budget.exceeded' : 'ratelimit.exceeded';
}

/** A gateway may answer 200 and carry the failure inside: in gRPC's status, JSON-RPC's or A2A's error. */
export function outcomeOf(read: Flat): Outcome {
  const [status, grpc] = [read.number('http.status'), read.number('grpc.status')];
  const reason = read.word('reason') ?? '';
  if (REFUSED.includes(reason) || [401, 403, 407, 429].includes(status ?? 0)) return 'denied';
  if (grpc !== undefined && GRPC_REFUSED.includes(grpc)) return 'denied';
  const failed = ['mcp.error.code', 'a2a.response.error_code'].some((name) => read.number(name) !== undefined);
  if (failed || read.word('error') !== undefined || (grpc ?? 0) !== 0) return 'failure';
  if (status === undefined) return grpc === 0 ? 'success' : 'unknown';
  return status < 400 ? 'success' : 'failure';
}

export function endOf(read: Flat): End {
  return {
    guardrails: guardrailsOf(read),
    status_code: read.count('http.status'),
    error_type: read.text('reason'),
    error_message: read.text('error') ?? read.text('mcp.error.message'),
  };
}

/** The words of the error name the guardrail. */
function guardrailsOf(read: Flat): readonly Guardrail[] | undefined {
  if (read.word('reason') !== 'Guardrail') return undefined;
  const [, name = ''] = /^request rejected by (\S+) guardrail$/.exec(read.word('error') ?? '') ?? [];
  return [{ name, provider: '', phase: '', mode: '', verdict: 'block', categories: [], masked_count: null }];
}
