import type { Action, Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import { actionOf } from './tools.ts';

type Act = Pick<Mapped, 'action' | 'outcome'> & Partial<Omit<Mapped, 'claims' | 'personal_attributes'>>;

/** What each event says was done, with what it alone tells. A hook that runs before an act does not know its outcome. */
const EVENTS: Readonly<Record<string, (read: Reading) => Act>> = {
  // Compaction starts no other session, but its hooks run again.
  SessionStart: (read) => ({
    ...did(read.peek('hook', 'source') === 'compact' ? 'session.event' : 'session.start', 'success'),
    model_requested: read.text('hook', 'model'),
  }),
  SessionEnd: () => did('session.end', 'success'),

  UserPromptSubmit: (read) => did(isMachine(read) ? 'session.event' : 'llm.prompt', 'success'),
  UserPromptExpansion: (read) => ({ ...did('session.event', 'unknown'), target: read.text('hook', 'command_name') }),
  Stop: (read) => did(read.word('hook', 'last_assistant_message') ? 'llm.response' : 'session.event', 'success'),
  StopFailure: failed,
  MessageDisplay: () => did('session.event', 'success'),

  PreToolUse: () => did('session.event', 'unknown'),
  PermissionRequest: () => did('session.event', 'unknown'),
  PermissionDenied: (read) => ({
    ...did('permission.decision', 'denied'),
    decision: 'reject',
    error_message: read.text('hook', 'reason'),
  }),
  PostToolUse: (read) => ran(read, 'success'),
  PostToolUseFailure: (read) => ({ ...ran(read, 'failure'), error_message: read.text('hook', 'error') }),
  PostToolBatch: () => did('session.event', 'unknown'),

  Elicitation: (read) => ({ ...did('mcp.request', 'unknown'), ...elicited(read) }),
  ElicitationResult: (read) => ({
    ...did('approval.decision', answered(read.peek('hook', 'action'))),
    ...elicited(read),
    decision: read.text('hook', 'action'),
  }),

  ConfigChange: (read) => ({ ...did('config.changed', 'success'), ...fileOf(read) }),
  InstructionsLoaded: (read) => ({ ...did('file.read', 'success'), ...fileOf(read) }),
  // By whom, it does not say: a tool's own writing has its PostToolUse.
  FileChanged: (read) => ({ ...did('session.event', 'success'), ...fileOf(read) }),
  DirectoryAdded: (read) => ({ ...did('session.event', 'success'), target: read.text('hook', 'directory') }),
  PreModelSwitch: (read) => ({ ...did('session.event', 'unknown'), model_requested: read.text('hook', 'to_model') }),
  PostModelSwitch: (read) => ({ ...did('session.event', 'success'), model_requested: read.text('hook', 'to_model') }),

  Setup: () => did('session.event', 'unknown'),
  Notification: () => did('session.event', 'success'),
  SubagentStart: () => did('session.event', 'success'),
  SubagentStop: () => did('session.event', 'success'),
  PreCompact: () => did('session.event', 'unknown'),
  PostCompact: () => did('session.event', 'success'),
  TeammateIdle: () => did('session.event', 'unknown'),
  TaskCreated: () => did('session.event', 'unknown'),
  TaskCompleted: () => did('session.event', 'unknown'),
  WorktreeCreate: () => did('session.event', 'unknown'),
  WorktreeRemove: () => did('session.event', 'unknown'),
  CwdChanged: () => did('session.event', 'success'),
};

/** An event this table does not know is an activity whose name is in the attributes. */
export function actOf(event: string, read: Reading): Act {
  const act = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  return act === undefined ? did('activity.other', 'unknown') : act(read);
}

function did(action: Action, outcome: Outcome): Pick<Act, 'action' | 'outcome'> {
  return { action, outcome };
}

function ran(read: Reading, outcome: Outcome): Act {
  const action = actionOf(read.word('hook', 'tool_name'));
  return { ...did(action, outcome), mcp_method: action === 'mcp.tool.call' ? 'tools/call' : undefined };
}

const MACHINES: readonly unknown[] = ['system', 'loop_wakeup', 'schedule_wakeup', 'poll_event'];

/** Claude Code prompts itself, too. Older versions say no source and do not. */
function isMachine(read: Reading): boolean {
  return MACHINES.includes(read.peek('hook', 'source'));
}

/** `error` is a word here, `rate_limit` among them, where other events have a sentence. */
function failed(read: Reading): Act {
  const limited = read.peek('hook', 'error') === 'rate_limit';
  return {
    ...(limited ? did('ratelimit.exceeded', 'denied') : did('session.event', 'failure')),
    error_type: read.text('hook', 'error'),
    error_message: read.text('hook', 'error_details'),
  };
}

function elicited(read: Reading): Partial<Act> {
  const server = read.text('hook', 'mcp_server_name');
  return { mcp_server: server, target: server, mcp_method: 'elicitation/create' };
}

/** Who cancels has decided nothing. */
function answered(action: unknown): Outcome {
  if (action === 'accept') return 'success';
  return action === 'decline' ? 'denied' : 'unknown';
}

function fileOf(read: Reading): Partial<Act> {
  const path = read.text('hook', 'file_path');
  return path === undefined ? {} : { file_paths: [path], target: path };
}
