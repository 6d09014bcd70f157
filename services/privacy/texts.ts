import type { Draft } from '../core/event.ts';

export type TextColumn = Exclude<{ [K in keyof Draft]-?: string extends Draft[K] ? K : never }[keyof Draft], 'content'>;

/** Every column that takes any text: the compiler misses one that is left out. */
const TEXTS: Readonly<Record<TextColumn, true>> = {
  source_event_id: true,
  surface: true,
  product: true,
  product_version: true,
  agent_name: true,
  agent_id: true,
  session_id: true,
  prompt_id: true,
  request_id: true,
  tool_use_id: true,
  trace_id: true,
  span_id: true,
  parent_span_id: true,
  model_requested: true,
  model_served: true,
  provider: true,
  region: true,
  tool_name: true,
  mcp_server: true,
  mcp_virtual_server: true,
  mcp_method: true,
  policy: true,
  decision: true,
  decision_source: true,
  error_type: true,
  client_address: true,
  user_agent: true,
  host: true,
  device: true,
  target: true,
  command: true,
  error_message: true,
};

export const TEXT_COLUMNS: readonly TextColumn[] = Object.keys(TEXTS).filter((name): name is TextColumn =>
  Object.hasOwn(TEXTS, name),
);

/** Which mask a column that takes text is given; undefined where only credentials are looked for. */
export const MASKED_AS: Readonly<Partial<Record<TextColumn, 'words' | 'columns'>>> = {
  command: 'words',
  error_message: 'words',
  target: 'columns',
};
