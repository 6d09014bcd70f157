import type { Reading } from '../reading.ts';

type Path = readonly string[];

/** The namespace in which the gateway leaves what it knows of a request; a log format may print it whole. */
const SPACE = 'io.envoy.ai_gateway';

const inSpace = (...names: readonly string[]): readonly Path[] => names.flatMap((name) => [[SPACE, name], [name]]);
const keys = (...names: readonly string[]): readonly Path[] => names.map((name) => [name]);

/**
 * Where an access log says what. Its keys are the operator's; these are the ones that the documentation has used: GenAI
 * semantic conventions, before them `genai_*` and `mcp_*`, and the gateway's own metadata under their own names.
 */
export const KEYS = {
  model: keys('gen_ai.request.model', 'genai_model_name', 'x-ai-eg-model'),
  override: [...keys('gen_ai.request.model_override', 'genai_model_name_override'), ...inSpace('model_name_override')],
  answered: [...keys('gen_ai.response.model'), ...inSpace('response_model')],
  backend: [
    ...keys('gen_ai.provider.name', 'genai_backend_name'),
    ...inSpace('backend_name', 'ai_service_backend_name'),
  ],
  input: [...keys('gen_ai.usage.input_tokens', 'genai_tokens_input'), ...inSpace('llm_input_token')],
  output: [...keys('gen_ai.usage.output_tokens', 'genai_tokens_output'), ...inSpace('llm_output_token')],
  cacheRead: [
    ...keys('gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cached_input_tokens'),
    ...inSpace('llm_cached_input_token'),
  ],
  cacheWrite: [...keys('gen_ai.usage.cache_creation.input_tokens'), ...inSpace('llm_cache_creation_input_token')],
  method: [...keys('mcp.method.name'), ...inSpace('mcp_method')],
  server: [...keys('mcp.provider.name'), ...inSpace('mcp_backend')],
  tool: [...keys('mcp.tool.name', 'gen_ai.tool.name'), ...inSpace('mcp_tool_name')],
  session: [...keys('session.id', 'x-claude-code-session-id'), ...inSpace('session.id')],
  mcpSession: [...keys('mcp.session.id', 'mcp-session-id'), ...inSpace('mcp_session_id')],
  agent: [...keys('agent.id'), ...inSpace('agent.id')],
  error: [...keys('error.type'), ...inSpace('llm_error_type')],
  user: keys('user.id', 'user_id', 'x-user-id'),
  email: keys('user.email', 'user_email', 'x-user-email'),
  team: keys('team.id', 'team_id', 'x-team-id'),
  tenant: keys('tenant.id', 'tenant_id', 'x-tenant-id'),
} as const satisfies Record<string, readonly Path[]>;

/** Keys of the default format, and a name of the semantic conventions. */
const AI_KEY = /^(gen_ai\.|genai_|mcp[._-]|llm_|x-ai-eg-model$|io\.envoy\.ai_gateway$)/;

export const isAiKey = (key: string): boolean => AI_KEY.test(key);

/** Envoy prints `-` where there is nothing to say. */
const NOTHING = '-';

/** Where one of these keys says something. */
export function said(read: Reading, paths: readonly Path[]): Path | undefined {
  return paths.find((path) => {
    const value = read.peek(...path);
    return value !== undefined && value !== null && value !== '' && value !== NOTHING;
  });
}

/** A text for a column. */
export function textOf(read: Reading, paths: readonly Path[]): string | undefined {
  const path = said(read, paths);
  return path === undefined ? undefined : read.text(...path);
}

/** A text for what is no column of its own: it stays where it is. */
export function wordOf(read: Reading, paths: readonly Path[]): string | undefined {
  const path = said(read, paths);
  return path === undefined ? undefined : read.word(...path);
}

/** A number that no column takes as it is. */
export function numberOf(read: Reading, paths: readonly Path[]): number | undefined {
  const path = said(read, paths);
  return path === undefined ? undefined : read.number(...path);
}

/** A whole number for a column. */
export function countOf(read: Reading, paths: readonly Path[]): number | undefined {
  const path = said(read, paths);
  return path === undefined ? undefined : read.count(...path);
}
