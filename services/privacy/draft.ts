import type { Draft } from '../core/event.ts';
import { findValue, type ValueFind } from './find.ts';
import { holdsCredential, maskText } from './mask.ts';
import { maskValue, type ValueMask } from './value.ts';

export interface MaskedDraft {
  readonly draft: Draft;
  /** How many credentials were replaced. */
  readonly secrets: number;
  /** Data classes that what was replaced shows, sorted. */
  readonly classes: readonly string[];
  /**
   * By column, what stood where people's data were replaced, with credentials masked: what a seal may keep. Undefined
   * where none were.
   */
  readonly original: Readonly<Record<string, unknown>> | undefined;
}

/** What is masked where. Credentials are everywhere; the rest of the columns holds nothing else. */
export interface Masking {
  /** Whether there is anything to mask, by the same detectors. */
  readonly find: { readonly words: ValueFind; readonly columns: ValueFind };
  /** Of content, command and error_message: text that people and tools wrote. */
  readonly words: ValueMask;
  /** Of target, file_paths and attributes, where an e-mail address says who did it. */
  readonly columns: ValueMask;
  /** The data class a kind of finding shows. */
  classOf(kind: string): string;
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

const CREDENTIALS_ONLY: Masking = {
  find: { words: findValue, columns: findValue },
  words: maskValue,
  columns: maskValue,
  classOf: () => 'secret',
};

/** Which mask a column that takes text is given; undefined where only credentials are looked for. */
const MASKED_AS: Readonly<Partial<Record<TextColumn, 'words' | 'columns'>>> = {
  command: 'words',
  error_message: 'words',
  target: 'columns',
};

/**
 * Replaces credentials in a draft wherever text can stand: columns, claims (a gateway's key may be its own id),
 * attributes with their names, and content; and what else `masking` finds. The same draft is returned where there is
 * nothing to replace.
 */
export function maskDraft(draft: Draft, masking: Masking = CREDENTIALS_ONLY): MaskedDraft {
  if (!holdsAny(draft, masking.find)) return { draft, secrets: 0, classes: [], original: undefined };
  const places = openPlaces(masking);
  const { text } = places;
  const columns: Partial<Record<TextColumn, string>> = {};
  for (const name of TEXT_COLUMNS) {
    const given = draft[name];
    const as = MASKED_AS[name];
    if (given === undefined) continue;
    columns[name] = as === undefined ? text(given) : places.at(name, given, masking[as], String);
  }
  const { guardrails, file_paths, attributes, personal_attributes } = draft;
  const masked: Draft = {
    ...draft,
    ...columns,
    claims: maskClaims(draft.claims, text),
    guardrails: guardrails?.map((guardrail) => maskGuardrail(guardrail, text)),
    file_paths: file_paths && places.at('file_paths', file_paths, masking.columns, listOf),
    attributes: places.at('attributes', attributes, masking.columns, stringsOf),
    personal_attributes: {
      ...places.at('personal_attributes', withoutSubject(personal_attributes), masking.columns, stringsOf),
      ...subjectOf(personal_attributes, text),
    },
    content: places.at('content', draft.content, masking.words, (value) => value),
  };
  return places.result(draft, masked);
}

/** Performance: nearly all drafts hold nothing to mask, and to learn that nothing is built. */
function holdsAny(draft: Draft, { words, columns }: Masking['find']): boolean {
  for (const name of TEXT_COLUMNS) {
    const given = draft[name];
    if (given === undefined || given === '') continue;
    const as = MASKED_AS[name];
    if (as === undefined ? holdsCredential(given) : as === 'words' ? words(given) : columns(given)) return true;
  }
  const { claims, guardrails = NONE, file_paths = NONE, attributes, personal_attributes, content } = draft;
  return (
    holdsInClaims(claims) ||
    guardrails.some((guardrail) => Object.values(guardrail).flat().some(isCredentialText)) ||
    columns(file_paths) ||
    columns(attributes) ||
    columns(personal_attributes) ||
    words(content)
  );
}

function holdsInClaims({ id, email, name, groups, team, project, organisation }: Draft['claims']): boolean {
  return (
    isCredentialText(id) ||
    isCredentialText(email) ||
    isCredentialText(name) ||
    isCredentialText(team) ||
    isCredentialText(project) ||
    isCredentialText(organisation) ||
    groups?.some(isCredentialText) === true
  );
}

const NONE: readonly never[] = [];

const isCredentialText = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && holdsCredential(value);

/** Masks place by place and keeps account of what was replaced. */
function openPlaces({ classOf }: Masking) {
  const classes = new Set<string>();
  const original: Record<string, unknown> = {};
  let secrets = 0;
  const count = (found: readonly string[]): boolean => {
    let others = false;
    for (const kind of found) {
      const shown = classOf(kind);
      classes.add(shown);
      if (shown === 'secret') secrets++;
      else others = true;
    }
    return others;
  };

  return {
    text(given: string): string {
      const masked = maskText(given);
      count(masked.found);
      return masked.text;
    },
    at<T>(column: string, given: unknown, mask: ValueMask, shape: (value: unknown) => T): T {
      const masked = mask(given);
      if (count(masked.found)) original[column] = maskValue(given).value;
      return shape(masked.value);
    },
    result(draft: Draft, masked: Draft): MaskedDraft {
      if (classes.size === 0) return { draft, secrets, classes: [], original: undefined };
      const kept = Object.keys(original).length > 0 ? original : undefined;
      return { draft: masked, secrets, classes: [...classes].sort(), original: kept };
    },
  };
}

type Text = (given: string) => string;

/** Whom an act is about, by the words of its claim: an id that was masked here and not in the column would join nothing. */
const SUBJECT: ReadonlySet<string> = new Set(['subject.id', 'subject.email', 'subject.name', 'subject.claim']);

type Attributes = Draft['personal_attributes'];

const withoutSubject = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !SUBJECT.has(name)));

const subjectOf = (attributes: Attributes, text: Text): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (SUBJECT.has(name) ? [[name, text(value)]] : [])),
  );

function maskClaims(claims: Draft['claims'], text: Text): Draft['claims'] {
  const optional = (given: string | undefined) => (given === undefined ? undefined : text(given));
  return {
    ...claims,
    id: optional(claims.id),
    email: optional(claims.email),
    name: optional(claims.name),
    groups: claims.groups?.map(text),
    team: optional(claims.team),
    project: optional(claims.project),
    organisation: optional(claims.organisation),
  };
}

function maskGuardrail<G extends NonNullable<Draft['guardrails']>[number]>(guardrail: G, text: Text): G {
  return {
    ...guardrail,
    name: text(guardrail.name),
    provider: text(guardrail.provider),
    phase: text(guardrail.phase),
    mode: text(guardrail.mode),
    verdict: text(guardrail.verdict),
    categories: guardrail.categories.map(text),
  };
}

/** A list of strings stays one when it is masked. */
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A map of strings stays one when it is masked. */
function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}
