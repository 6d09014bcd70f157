import type { Action, Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import type { Run } from './guardrails.ts';

const ERROR = 'error_information';

/** LiteLLM's words for a spent budget, in versions whose errors have no class and no limit type of their own. */
const OVER_BUDGET = /Exceeded(Token)?Budget:|Budget has been exceeded|exceeded budget for/;

/** Call types that do not ask a model; the prefix `a` is the asynchronous twin. */
const CALLS: readonly (readonly [RegExp, Action])[] = [
  [/^call_mcp_tool$/, 'mcp.tool.call'],
  [/mcp/, 'mcp.request'],
  [/^a?create_file$/, 'file.upload'],
  [/^a?file_delete$/, 'data.deleted'],
  [/^a?file_(content|retrieve|list)$/, 'data.read'],
];

/** What was done: a limit that stopped the call goes before the call itself. */
export function actionOf(read: Reading): Action {
  const tool = read.word('metadata', 'mcp_tool_call_metadata', 'name');
  const call = read.word('call_type') ?? '';
  return (
    limitOf(read) ??
    (tool === undefined ? CALLS.find(([type]) => type.test(call))?.[1] : 'mcp.tool.call') ??
    'llm.request'
  );
}

function limitOf(read: Reading): Action | undefined {
  if (read.word('status') !== 'failure') return undefined;
  const [limit, kind] = [read.word(ERROR, 'error_rate_limit_type'), read.word(ERROR, 'error_class') ?? ''];
  const words = read.word(ERROR, 'error_message') ?? read.word('error_str') ?? '';
  const entity = read.word(ERROR, 'error_budget_entity_type');
  if (limit === 'budget' || entity !== undefined || kind.startsWith('BudgetExceeded') || OVER_BUDGET.test(words))
    return 'budget.exceeded';
  const category = read.word(ERROR, 'error_rate_limit_category');
  const limited = limit !== undefined || category !== undefined || kind.startsWith('RateLimit');
  return limited || read.number(ERROR, 'error_code') === 429 ? 'ratelimit.exceeded' : undefined;
}

/** A call that failed after a guardrail stepped in was stopped by it, not by a fault. */
export function outcomeOf(read: Reading, runs: readonly Run[]): Outcome {
  const status = read.word('status');
  if (status === 'success') return 'success';
  if (status !== 'failure') return 'unknown';
  const code = read.number(ERROR, 'error_code');
  const summary = read.word('status_fields', 'guardrail_status');
  const blocked = summary === 'guardrail_intervened' || runs.some(({ guardrail }) => guardrail.verdict === 'block');
  return blocked || limitOf(read) !== undefined || code === 401 || code === 403 ? 'denied' : 'failure';
}

export function errorOf(read: Reading): Pick<Mapped, 'status_code' | 'error_type' | 'error_message'> {
  return {
    status_code: read.count(ERROR, 'error_code'),
    error_type: read.text(ERROR, 'error_class'),
    error_message: read.text(ERROR, 'error_message') ?? read.text('error_str'),
  };
}
