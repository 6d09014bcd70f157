import type { Action, Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

export type Act = Pick<Mapped, 'action' | 'outcome' | 'decision' | 'model_served'>;

const ACTIONS: Readonly<Record<string, Action>> = {
  'tools/call': 'mcp.tool.call',
  initialize: 'mcp.server.connect',
  // Version 2026-07-28 has no handshake: a client that wants to know a server asks it what it is.
  'server/discover': 'mcp.server.connect',
  'sampling/createMessage': 'llm.request',
};

/** What the exchange came to. `params` and `result` of whatever kind the sender made them. */
export function actOf(read: Reading): Act {
  const method = read.word('request', 'method');
  if (method === undefined || method.startsWith('notifications/'))
    return { action: 'session.event', outcome: outcomeOf(read) };
  const answer = method === 'elicitation/create' ? answerIn(read, 'response', 'result') : undefined;
  if (answer !== undefined) return answer;
  const action = Object.hasOwn(ACTIONS, method) ? ACTIONS[method] : undefined;
  return {
    action: action ?? 'mcp.request',
    outcome: isRejected(method, read) ? 'denied' : outcomeOf(read),
    model_served: action === 'llm.request' ? read.text('response', 'result', 'model') : undefined,
  };
}

/** Who cancels has decided nothing. */
const ANSWERS: Readonly<Record<string, Outcome>> = { accept: 'success', decline: 'denied', cancel: 'unknown' };

/** A person's answer to an elicitation, where there is one. */
export function answerIn(read: Reading, ...path: readonly string[]): Act | undefined {
  const action = read.word(...path, 'action');
  const outcome = action !== undefined && Object.hasOwn(ANSWERS, action) ? ANSWERS[action] : undefined;
  if (outcome === undefined) return undefined;
  return { action: 'approval.decision', outcome, decision: read.text(...path, 'action') };
}

/** The specification's code for a person who turns sampling down. */
const REJECTED = -1;

function isRejected(method: string, read: Reading): boolean {
  return method === 'sampling/createMessage' && read.peek('response', 'error', 'code') === REJECTED;
}

/** A result that asks for more input, or names a task that goes on, is no end yet. */
function outcomeOf(read: Reading): Outcome {
  const error = read.peek('response', 'error');
  if (error !== undefined && error !== null) return 'failure';
  const result = read.peek('response', 'result');
  if (result === undefined || result === null) return 'unknown';
  if (read.peek('response', 'result', 'isError') === true) return 'failure';
  const type = read.peek('response', 'result', 'resultType') ?? 'complete';
  const isTask = read.word('response', 'result', 'task', 'taskId') !== undefined;
  return type === 'complete' && !isTask ? 'success' : 'unknown';
}
