import type { Draft } from '../core/event.ts';
import type { ValueFind } from './find.ts';
import { holdsCredential } from './mask.ts';
import { MASKED_AS, TEXT_COLUMNS } from './texts.ts';

/** What tells whether there is anything to mask, by the detectors that mask. */
export interface Finds {
  readonly words: ValueFind;
  readonly columns: ValueFind;
}

/** The parts of a draft that hold something to mask; now and then one that does not, never too few. */
export interface Held {
  readonly texts: boolean;
  readonly claims: boolean;
  readonly guardrails: boolean;
  readonly file_paths: boolean;
  readonly attributes: boolean;
  readonly personal_attributes: boolean;
  readonly content: boolean;
}

/**
 * Undefined where none does. Performance: nearly all drafts hold nothing to mask, and the others in one part: nothing is built
 * of what stays as it is.
 */
export function heldIn(draft: Draft, { words, columns }: Finds): Held | undefined {
  const { claims, guardrails = NONE, file_paths = NONE, attributes, personal_attributes, content } = draft;
  const held = {
    texts: holdsInTexts(draft, { words, columns }),
    claims: holdsInClaims(claims),
    guardrails: guardrails.some((guardrail) => Object.values(guardrail).flat().some(isCredentialText)),
    file_paths: columns(file_paths),
    attributes: columns(attributes),
    personal_attributes: columns(personal_attributes),
    content: words(content),
  };
  const inColumns = held.texts || held.claims || held.guardrails || held.file_paths;
  return inColumns || held.attributes || held.personal_attributes || held.content ? held : undefined;
}

function holdsInTexts(draft: Draft, { words, columns }: Finds): boolean {
  for (const name of TEXT_COLUMNS) {
    const given = draft[name];
    if (given === undefined || given === '') continue;
    const as = MASKED_AS[name];
    if (as === undefined ? holdsCredential(given) : as === 'words' ? words(given) : columns(given)) return true;
  }
  return false;
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
