import { iso, json, type Message } from './message.ts';
import type { Session, Step } from './session.ts';
import { folderOf, homeOf } from './tools.ts';

/**
 * What a managed hook on the machines of the web and data teams forwards of Claude Code: the same sessions, prompts and
 * tool calls that its telemetry tells of.
 */
export function hooks(sessions: readonly Session[]): readonly Message[] {
  return sessions
    .filter(({ person }) => person?.team === 'web' || person?.team === 'data')
    .flatMap((session) => hooked(session).map(({ at, ...said }) => forwarded(session, at, said)));
}

interface Hook {
  readonly at: number;
  readonly hook_event_name: string;
  readonly [field: string]: unknown;
}

/** The forwarder adds when, where and who is logged in; behind a gateway's key it does not know the person. */
function forwarded(session: Session, at: number, said: object): Message {
  const { id, person, route } = session;
  const user = route === 'direct' && person !== undefined ? { user: { email: person.email, name: person.name } } : {};
  return json('endpoint.hooks', at + 1_200, {
    claude_code_hook: {
      session_id: id,
      transcript_path: `${homeOf(person)}/.claude/projects/work/${id}.jsonl`,
      cwd: folderOf(person),
      ...said,
    },
    time: iso(at),
    host: person?.host,
    version: '2.1.220',
    ...user,
  });
}

function hooked({ steps, permissionMode }: Session): readonly Hook[] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const mode = steps.find((step) => step.kind === 'mode')?.to ?? permissionMode;
  return [
    { at: first.at - 200, hook_event_name: 'SessionStart', source: 'startup' },
    ...steps.flatMap((step) => ofStep(step, mode)),
    { at: last.at + 8_000, hook_event_name: 'SessionEnd', reason: 'prompt_input_exit' },
  ];
}

function ofStep(step: Step, permission_mode: string): readonly Hook[] {
  const shared = { at: step.at, prompt_id: step.promptId, permission_mode };
  switch (step.kind) {
    case 'prompt':
      return [{ ...shared, hook_event_name: 'UserPromptSubmit', prompt: step.text, source: 'user' }];
    case 'tool':
      return ofTool(step, shared);
    case 'answer':
      return [{ ...shared, hook_event_name: 'Stop', stop_hook_active: false, last_assistant_message: step.text }];
    case 'model':
    case 'server':
    case 'mode':
    case 'sweep':
      return [];
  }
}

/** Of a call that the person turned down, no hook runs after the first. */
function ofTool({ tool, id, end }: Extract<Step, { kind: 'tool' }>, shared: { readonly at: number }): readonly Hook[] {
  const call = { ...shared, tool_name: tool.name, tool_input: tool.input, tool_use_id: id };
  const before = { ...call, at: shared.at - 400, hook_event_name: 'PreToolUse' };
  switch (end) {
    case 'done':
      return [before, { ...call, hook_event_name: 'PostToolUse', tool_response: tool.response, duration_ms: 180 }];
    case 'failed':
      return [before, { ...call, hook_event_name: 'PostToolUseFailure', error: 'exit code 1', duration_ms: 180 }];
    case 'rejected':
      return [before];
    case 'forbidden':
      return [before, { ...call, hook_event_name: 'PermissionDenied', reason: 'denied by the settings' }];
  }
}
