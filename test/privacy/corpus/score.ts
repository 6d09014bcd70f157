import type { Span } from '../../../services/privacy/detector.ts';
import { CREDENTIALS } from '../../../services/privacy/mask.ts';
import { openClasses, peopleDetectors } from '../../../services/privacy/people.ts';
import { scanner } from '../../../services/privacy/scan.ts';
import { CORPUS_IDS, type Label, type Labelled } from './corpus.ts';

const settings = { off: [], national_ids: CORPUS_IDS, phi_terms: [] };
const scan = scanner([...CREDENTIALS, ...peopleDetectors(settings).words]);
const classOf = openClasses(settings);

export interface Score {
  readonly kind: string;
  /** Labels of the kind. */
  readonly labels: number;
  /** Of them, those found with exactly their span. */
  readonly found: number;
  /** Findings of the kind that no label of the kind shares a character with. */
  readonly wrong: number;
}

export interface Scores {
  readonly kinds: readonly Score[];
  /** Texts with a label that was missed, or with a finding that is none. */
  readonly failures: readonly { readonly text: string; readonly why: string }[];
}

export function findings(text: string): readonly Span[] {
  const found: Span[] = [];
  scan(text, (span) => span.kind !== '' && found.push(span));
  return found;
}

/** A credential counts whatever its mark says: a key under a telling name is marked by that name. */
const alike = (span: Span, label: Label): boolean =>
  span.kind === label.kind || (classOf(span.kind) === 'secret' && classOf(label.kind) === 'secret');

/** Every kind over every text: what stands for one kind is a trap for the others. */
export function score(texts: readonly Labelled[]): Scores {
  const kinds = new Map<string, { labels: number; found: number; wrong: number }>();
  const of = (kind: string) => {
    const known = kinds.get(kind) ?? { labels: 0, found: 0, wrong: 0 };
    kinds.set(kind, known);
    return known;
  };
  const failures: { text: string; why: string }[] = [];
  for (const { text, labels } of texts) {
    const spans = findings(text);
    for (const label of labels) {
      const hit = spans.some((span) => alike(span, label) && span.start === label.start && span.end === label.end);
      of(label.kind).labels++;
      if (hit) of(label.kind).found++;
      else failures.push({ text, why: `missed ${label.kind}` });
    }
    for (const span of spans) {
      if (labels.some((label) => alike(span, label) && span.start < label.end && label.start < span.end)) continue;
      of(span.kind).wrong++;
      failures.push({ text, why: `${span.kind} at ${span.start} to ${span.end}` });
    }
  }
  return { kinds: [...kinds].map(([kind, counts]) => ({ kind, ...counts })), failures };
}

/** The share of labels that were found, and of findings that are right. */
export const recallOf = ({ labels, found }: Pick<Score, 'labels' | 'found'>): number =>
  labels === 0 ? 1 : found / labels;
export const precisionOf = ({ found, wrong }: Pick<Score, 'found' | 'wrong'>): number =>
  found + wrong === 0 ? 1 : found / (found + wrong);
