/** Leaves a column holds. */
const COLUMNS = [
  'id litellm_call_id custom_llm_provider prompt_tokens completion_tokens startTime model_group api_base session_id',
  'requester_ip_address user_agent trace_id error_information.error_code error_information.error_class',
  'error_information.error_message metadata.mcp_tool_call_metadata.name metadata.mcp_tool_call_metadata.mcp_server_name',
  'metadata.requester_custom_headers.x-claude-code-session-id',
];
const PERSONAL = [
  'request_tags metadata.user_api_key_hash metadata.user_api_key_alias metadata.user_api_key_user_id',
  'metadata.user_api_key_user_email',
];
/** Said by people and models. */
const CONTENT = ['messages response'];

const names = (rows: readonly string[]): ReadonlySet<string> => new Set(rows.flatMap((row) => row.split(' ')));
const [columns, personal, content] = [names(COLUMNS), names(PERSONAL), names(CONTENT)];
const wholes = new Set(['request_tags', 'metadata.usage_object']);

export interface Leaves {
  readonly attributes: Record<string, string>;
  readonly personal_attributes: Record<string, string>;
  readonly content: Record<string, unknown>;
}

/** Every leaf goes to one place. */
export function leavesOf(value: object, path = '', made: Leaves = empty()): Leaves {
  for (const [name, child] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (columns.has(place)) continue;
    if (content.has(place)) made.content[name] = child;
    else if (typeof child === 'object' && child !== null && !wholes.has(place)) leavesOf(child, place, made);
    else (personal.has(place) ? made.personal_attributes : made.attributes)[place] = said(child);
  }
  return made;
}

const empty = (): Leaves => ({ attributes: {}, personal_attributes: {}, content: {} });
const said = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
