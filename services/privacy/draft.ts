import type { Draft } from '../core/event.ts';
import { findValue } from './find.ts';
import { type Finds, heldIn } from './held.ts';
import { maskText } from './mask.ts';
import { MASKED_AS, TEXT_COLUMNS, type TextColumn } from './texts.ts';
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
  readonly find: Finds;
  /** Of content, command and error_message: text that people and tools wrote. */
  readonly words: ValueMask;
  /** Of target, file_paths and attributes, where an e-mail address says who did it. */
  readonly columns: ValueMask;
  /** The data class a kind of finding shows. */
  classOf(kind: string): string;
}

const CREDENTIALS_ONLY: Masking = {
  find: { words: findValue, columns: findValue },
  words: maskValue,
  columns: maskValue,
  classOf: () => 'secret',
};

/**
 * Replaces credentials in a draft wherever text can stand: columns, claims (a gateway's key may be its own id),
 * attributes with their names, and content; and what else `masking` finds. The same draft is returned where there is
 * nothing to replace.
 */
export function maskDraft(draft: Draft, masking: Masking = CREDENTIALS_ONLY): MaskedDraft {
  const held = heldIn(draft, masking.find);
  if (held === undefined) return { draft, secrets: 0, classes: [], original: undefined };
  const places = openPlaces(masking);
  const { text } = places;
  const { claims, guardrails, file_paths, attributes, personal_attributes, content } = draft;
  const masked: Draft = {
    ...draft,
    ...(held.texts ? maskTexts(draft, masking, places) : {}),
    claims: held.claims ? maskClaims(claims, text) : claims,
    guardrails: held.guardrails ? guardrails?.map((guardrail) => maskGuardrail(guardrail, text)) : guardrails,
    file_paths: held.file_paths ? places.at('file_paths', file_paths, masking.columns, listOf) : file_paths,
    attributes: held.attributes ? places.at('attributes', attributes, masking.columns, stringsOf) : attributes,
    personal_attributes: held.personal_attributes
      ? maskPersonal(personal_attributes, masking, places)
      : personal_attributes,
    content: held.content ? places.at('content', content, masking.words, (value) => value) : content,
  };
  return places.result(draft, masked);
}

type Places = ReturnType<typeof openPlaces>;

function maskTexts(draft: Draft, masking: Masking, places: Places): Partial<Record<TextColumn, string>> {
  const columns: Partial<Record<TextColumn, string>> = {};
  for (const name of TEXT_COLUMNS) {
    const given = draft[name];
    const as = MASKED_AS[name];
    if (given === undefined) continue;
    columns[name] = as === undefined ? places.text(given) : places.at(name, given, masking[as], String);
  }
  return columns;
}

function maskPersonal(attributes: Attributes, masking: Masking, places: Places): Attributes {
  const others = places.at('personal_attributes', withoutSubject(attributes), masking.columns, stringsOf);
  return { ...others, ...subjectOf(attributes, places.text) };
}

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
