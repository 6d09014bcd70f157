import { z } from 'zod';
import type { Attributes, Value } from '../../otlp/logs.ts';

/** What an attribute may be, and what is said of one that is not. */
interface Kind {
  readonly reason: string;
  fits(value: Value): boolean;
}

const isoTime = z.iso.datetime({ offset: true });

const text: Kind = { reason: 'is no text', fits: (value) => typeof value === 'string' };
const flag: Kind = { reason: 'is neither true nor false', fits: (value) => /^(true|false)$/.test(String(value)) };
const time: Kind = { reason: 'is no time', fits: (value) => isoTime.safeParse(value).success };
/** As a number or as text: Claude Code has sent the same attribute both ways. At most 2^52, what a column can hold. */
const count: Kind = {
  reason: 'is no count',
  fits: (value) =>
    typeof value === 'number'
      ? Number.isInteger(value) && value >= 0 && value <= 2 ** 52
      : typeof value === 'string' && /^\d{1,15}$/.test(value),
};
const amount: Kind = {
  reason: 'is no amount',
  fits: (value) =>
    typeof value === 'number'
      ? value >= 0 && value < 1e12
      : typeof value === 'string' && /^\d{1,12}(\.\d{1,20})?$/.test(value),
};

/** Attributes whose kind the documentation states and a column relies on. Others are kept as they come. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
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
    const kind = value === null || value === '' ? undefined : KINDS.get(name);
    return kind === undefined || kind.fits(value) ? [] : [{ name, reason: kind.reason }];
  });
}

function each(kind: Kind, names: readonly string[]): readonly (readonly [string, Kind])[] {
  return names.map((name) => [name, kind] as const);
}
