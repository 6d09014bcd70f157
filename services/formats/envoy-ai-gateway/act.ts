import type { Action, Outcome } from '../../core/event.ts';
import type { Reading } from '../reading.ts';
import { KEYS, said, wordOf } from './keys.ts';

/** Endpoints of models (https://aigateway.envoyproxy.io, supported endpoints). */
const MODEL_PATH =
  /\/(chat\/completions|completions|embeddings|messages|responses|rerank|images\/(generations|edits)|audio\/\w+)$/;

const DENIED: readonly number[] = [401, 403, 429];

/** The answer went out incomplete: somebody hung up, or the time was over (Envoy, RESPONSE_FLAGS). */
const CUT: readonly string[] = ['DC', 'DPE', 'DR', 'DT', 'LR', 'OM', 'SI', 'UC', 'UMSDR', 'UPE', 'UR', 'UT'];

/** What was done; undefined where the line tells of neither a model nor an MCP server, nor of somebody turned away. */
export function actionOf(read: Reading): Action | undefined {
  const [status, flags] = [statusOf(read), flagsOf(read)];
  if (status === 429 || flags.includes('RL')) return 'ratelimit.exceeded';
  const method = wordOf(read, KEYS.method);
  if (method === 'tools/call') return 'mcp.tool.call';
  if (method === 'initialize') return 'mcp.server.connect';
  if (isMcp(read)) return 'mcp.request';
  if (isModelCall(read)) return 'llm.request';
  return DENIED.includes(status) ? 'activity.other' : undefined;
}

/** The gateway's own metadata of a request that reached an MCP server. */
export function isMcp(read: Reading): boolean {
  return said(read, KEYS.method) !== undefined || said(read, KEYS.server) !== undefined;
}

function isModelCall(read: Reading): boolean {
  const named = [KEYS.model, KEYS.answered, KEYS.backend].some((paths) => said(read, paths) !== undefined);
  const [path = ''] = (read.word('x-envoy-origin-path') ?? read.word('request.path') ?? '').split('?');
  return named || MODEL_PATH.test(path);
}

/** Errors of MCP come in answers of status 200: what the status says of a call's end, it says of the way there alone. */
export function outcomeOf(read: Reading): Outcome {
  const [status, flags] = [statusOf(read), flagsOf(read)];
  if (DENIED.includes(status) || flags.includes('RL') || flags.includes('UAEX')) return 'denied';
  // Envoy logs 0 where no answer had begun.
  if (status === 0 || status >= 400 || flags.some((flag) => CUT.includes(flag))) return 'failure';
  return isMcp(read) ? 'unknown' : 'success';
}

const statusOf = (read: Reading): number => read.number('response_code') ?? 0;

const flagsOf = (read: Reading): readonly string[] => (read.word('response_flags') ?? '').split(',');
