import { z } from 'zod';
import type { Attributes } from '../../otlp/logs.ts';

const text = z.string('is no text');
/** As a number or as text: Claude Code has sent the same attribute both ways. At most 2^52, what a column can hold. */
const count = z.union(
  [
    z
      .number()
      .int()
      .min(0)
      .max(2 ** 52),
    z.string().regex(/^\d{1,15}$/),
  ],
  'is no count',
);
const amount = z.union([z.number().min(0).max(1e12), z.string().regex(/^\d{1,12}(\.\d{1,20})?$/)], 'is no amount');
const flag = z.union([z.boolean(), z.enum(['true', 'false'])], 'is neither true nor false');
const time = z.iso.datetime({ offset: true, error: 'is no time' });

/** Attributes whose kind the documentation states and a column relies on. Others are kept as they come. */
const KINDS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ...each(text, ['event.name', 'session.id', 'prompt.id', 'user.id', 'user.email', 'user.groups', 'identity.source']),
  ...each(text, ['user.account_uuid', 'user.account_id', 'organization.id', 'enduser.id', 'team.id']),
  ...each(text, ['app.entrypoint', 'terminal.type', 'model', 'final_model', 'request_id', 'agent.name', 'agent_type']),
  ...each(text, ['tool_name', 'tool_use_id', 'tool_input', 'tool_parameters', 'decision', 'decision_type']),
  ...each(text, ['decision_source', 'source', 'error', 'error_type', 'error_name', 'error_category', 'error.type']),
  ...each(text, ['server_name', 'status', 'action', 'result', 'prompt', 'response', 'body']),
  ...each(count, ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens', 'cost_usd_micros']),
  ...each(count, ['status_code', 'event.sequence', 'num_blocking', 'num_non_blocking_error']),
  ...each(amount, ['cost_usd', 'duration_ms', 'total_duration_ms', 'total_retry_duration_ms']),
  ...each(flag, ['success']),
  ...each(time, ['event.timestamp']),
]);

/** Attributes that are not what they must be, and why. An empty value counts as not there. */
export function misfits(attributes: Attributes): readonly { readonly name: string; readonly reason: string }[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const wrong = value === null ? undefined : KINDS.get(name)?.safeParse(value).error?.issues[0];
    return wrong === undefined ? [] : [{ name, reason: wrong.message }];
  });
}

function each(kind: z.ZodType, names: readonly string[]): readonly (readonly [string, z.ZodType])[] {
  return names.map((name) => [name, kind] as const);
}
