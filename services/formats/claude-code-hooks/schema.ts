import { z } from 'zod';
import { duration, text, time, user } from '../forwarder.ts';

/**
 * What the columns of every event rest on: BaseHookInput and the tool's fields, @anthropic-ai/claude-agent-sdk's sdk.d.ts.
 * What single events add is read where it is of the kind documented, and is content otherwise.
 */
export const hook = z.object({
  hook_event_name: z.string('is no text').regex(/^[A-Za-z]{1,64}$/, 'is no name of an event'),
  session_id: text,
  prompt_id: text,
  agent_id: text,
  agent_type: text,
  permission_mode: text,
  tool_name: text,
  tool_use_id: text,
  duration_ms: duration,
  mcp_server: z.object({ name: text, source: text }, 'is no object').nullish(),
});

export const forwarded = z.object({
  claude_code_hook: hook,
  time,
  user,
  host: text,
  device: text,
  version: text,
});

export type Hook = z.output<typeof hook>;
export type Forwarded = z.output<typeof forwarded>;
