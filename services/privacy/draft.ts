import type { Draft } from '../core/event.ts';
import { maskText } from './mask.ts';
import { maskValue } from './value.ts';

export interface MaskedDraft {
  readonly draft: Draft;
  /** How many credentials were replaced. */
  readonly secrets: number;
  /** Data classes this shows: `secret`, or none. */
  readonly classes: readonly string[];
}

type TextColumn = Exclude<{ [K in keyof Draft]-?: string extends Draft[K] ? K : never }[keyof Draft], 'content'>;

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

const TEXT_COLUMNS = Object.keys(TEXTS).filter((name): name is TextColumn => Object.hasOwn(TEXTS, name));

/**
 * Replaces every credential in a draft, wherever text can stand: columns, claims (a gateway's key may be its own id),
 * attributes with their names, and content. The same draft is returned where there is none.
 */
export function maskDraft(draft: Draft): MaskedDraft {
  const found: string[] = [];
  const text = (given: string): string => {
    const masked = maskText(given);
    found.push(...masked.found);
    return masked.text;
  };
  const optional = (given: string | undefined) => (given === undefined ? undefined : text(given));
  const map = (given: Readonly<Record<string, string>>) => {
    const masked = maskValue(given);
    found.push(...masked.found);
    return stringsOf(masked.value);
  };

  const columns: Partial<Record<TextColumn, string>> = {};
  for (const name of TEXT_COLUMNS) {
    const given = draft[name];
    if (given !== undefined) columns[name] = text(given);
  }
  const { claims, guardrails, file_paths } = draft;
  const content = maskValue(draft.content);
  found.push(...content.found);
  const masked: Draft = {
    ...draft,
    ...columns,
    claims: {
      ...claims,
      id: optional(claims.id),
      email: optional(claims.email),
      name: optional(claims.name),
      groups: claims.groups?.map(text),
      team: optional(claims.team),
      project: optional(claims.project),
      organisation: optional(claims.organisation),
    },
    guardrails: guardrails?.map((guardrail) => ({
      ...guardrail,
      name: text(guardrail.name),
      provider: text(guardrail.provider),
      phase: text(guardrail.phase),
      mode: text(guardrail.mode),
      verdict: text(guardrail.verdict),
      categories: guardrail.categories.map(text),
    })),
    file_paths: file_paths?.map(text),
    attributes: map(draft.attributes),
    personal_attributes: map(draft.personal_attributes),
    content: content.value,
  };
  if (found.length === 0) return { draft, secrets: 0, classes: [] };
  return { draft: masked, secrets: found.length, classes: ['secret'] };
}

/** A map of strings stays one when it is masked. */
function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}
