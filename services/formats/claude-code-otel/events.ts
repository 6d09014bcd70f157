import type { Action, Outcome } from '../../core/event.ts';
import type { Taking } from './taking.ts';

interface Act {
  readonly action: Action;
  readonly outcome: Outcome;
}

/** What each event says was done, and how it ended. Tool results are in tools.ts. */
const EVENTS: Readonly<Record<string, (take: Taking) => Act>> = {
  user_prompt: () => did('llm.prompt', 'success'),
  assistant_response: () => did('llm.response', 'success'),
  api_request: () => did('llm.request', 'success'),
  api_error: () => did('llm.request', 'failure'),
  api_refusal: () => did('llm.refusal', 'denied'),
  tool_decision: (take) => did('permission.decision', decided(take.peek('decision'))),
  permission_mode_changed: () => did('config.changed', 'success'),
  auth: (take) => did(authAction(take.peek('action')), ended(take)),
  mcp_server_connection: connection,
  plugin_installed: () => did('config.changed', 'success'),
  managed_settings_resolved: managedSettings,
  retention_sweep: (take) =>
    take.peek('result') === 'complete' ? did('data.deleted', 'success') : did('session.event', 'unknown'),

  // Beside an api_request or api_error of the same call: as requests of their own they would be counted twice.
  api_request_body: () => did('session.event', 'success'),
  api_response_body: () => did('session.event', 'success'),
  api_retries_exhausted: () => did('session.event', 'failure'),

  internal_error: () => did('session.event', 'failure'),
  compaction: (take) => did('session.event', ended(take)),
  at_mention: (take) => did('session.event', ended(take)),
  hook_execution_complete: (take) => did('session.event', hooked(take)),
  hook_execution_start: () => did('session.event', 'success'),
  hook_registered: () => did('session.event', 'success'),
  hook_plugin_metrics: () => did('session.event', 'success'),
  plugin_loaded: () => did('session.event', 'success'),
  skill_activated: () => did('session.event', 'success'),
  subagent_completed: () => did('session.event', 'success'),
  feedback_survey: () => did('session.event', 'success'),
};

/** An event this table does not know is an activity whose name is in the attributes. */
export function actOf(name: string, take: Taking): Act {
  const act = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  return act === undefined ? did('activity.other', 'unknown') : act(take);
}

/** `success` comes as text. */
export function ended(take: Taking): Outcome {
  const success = take.flag('success');
  if (success === undefined) return 'unknown';
  return success ? 'success' : 'failure';
}

function did(action: Action, outcome: Outcome): Act {
  return { action, outcome };
}

function decided(decision: string | undefined): Outcome {
  if (decision === 'reject') return 'denied';
  return decision === 'accept' ? 'success' : 'unknown';
}

function authAction(action: string | undefined): Action {
  if (action === 'login') return 'auth.login';
  return action === 'logout' ? 'auth.logout' : 'session.event';
}

function connection(take: Taking): Act {
  const status = take.peek('status');
  if (status === 'disconnected') return did('mcp.server.disconnect', 'success');
  if (status === 'failed') return did('mcp.server.connect', 'failure');
  return did('mcp.server.connect', status === 'connected' ? 'success' : 'unknown');
}

/** `refused`: a policy kept Claude Code from starting. */
function managedSettings(take: Taking): Act {
  const trigger = take.peek('managed_settings.trigger');
  if (trigger === 'refused') return did('session.event', 'denied');
  return did(trigger === 'change' ? 'config.changed' : 'session.event', 'success');
}

function hooked(take: Taking): Outcome {
  if ((take.number('num_blocking') ?? 0) > 0) return 'denied';
  return (take.number('num_non_blocking_error') ?? 0) > 0 ? 'failure' : 'success';
}
