import type { Leaves } from '../../core/leaves.ts';
import type { Reading } from '../reading.ts';

/**
 * Fields of single events that hold words of the documentation, counts, flags and ids. Another event may have a person's
 * words under the same name, as PermissionDenied has in `reason`: so they are safe by their event, `SessionEnd.reason`.
 */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  SessionStart: [
    'source',
    'seconds_since_last_response',
    'context_tokens',
    'prompt_cache_likely_expired',
    'estimated_cache_write_usd',
  ],
  SessionEnd: ['reason'],
  Setup: ['trigger'],
  UserPromptSubmit: ['source'],
  UserPromptExpansion: ['expansion_type', 'command_source'],
  PostToolUseFailure: ['is_interrupt'],
  Notification: ['notification_type'],
  Stop: ['stop_hook_active'],
  SubagentStop: ['stop_hook_active'],
  PreCompact: ['trigger'],
  PostCompact: ['trigger'],
  PreModelSwitch: modelSwitch(),
  PostModelSwitch: modelSwitch(),
  TaskCreated: ['task_id'],
  TaskCompleted: ['task_id'],
  Elicitation: ['mode', 'elicitation_id'],
  ElicitationResult: ['mode', 'elicitation_id'],
  ConfigChange: ['source'],
  InstructionsLoaded: ['memory_type', 'load_reason'],
  DirectoryAdded: ['source'],
  FileChanged: ['event'],
  MessageDisplay: ['turn_id', 'message_id', 'index', 'final'],
};

function modelSwitch(): readonly string[] {
  const cost = ['context_tokens', 'prompt_cache_warm', 'cache_ttl', 'estimated_cache_write_usd', 'pricing'];
  return ['from_model', 'requested_model', 'source', ...cost];
}

/** Takes the facts of an event out of the payload: they go beside it, under the event's name. */
export function factsOf(event: string, read: Reading): object {
  const names = Object.hasOwn(FACTS, event) ? (FACTS[event] ?? []) : [];
  const facts = names
    .map((name) => [name, read.peek('hook', name)] as const)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  for (const [name] of facts) read.take('hook', name);
  return facts.length === 0 ? {} : { [event]: Object.fromEntries(facts) };
}

/** Prompts, answers, arguments, results, messages, titles and tasks are content, as is whatever no list names. */
export const leaves: Leaves = {
  columns: ['hook.duration_ms'],
  safe: [
    'hook.hook_event_name',
    'hook.permission_mode',
    'hook.effort.level',
    'hook.tool_name',
    'hook.mcp_server.source',
    'forwarder.time',
    'forwarder.user.basis',
    ...Object.entries(FACTS).flatMap(([event, names]) => names.map((name) => `${event}.${name}`)),
  ],
  personal: [
    'hook.cwd',
    'hook.transcript_path',
    'hook.agent_transcript_path',
    'hook.scratchpad_dir',
    'hook.worktree_path',
    'hook.old_cwd',
    'hook.new_cwd',
    'hook.trigger_file_path',
    'hook.parent_file_path',
    'forwarder.user.id',
    'forwarder.user.email',
    'forwarder.user.name',
  ],
};
