import { harmless } from './harmless.ts';
import { PERSONAL } from './people.ts';
import { type Random, random } from './random.ts';
import { NAMED, STRUCTURED } from './secrets.ts';
import { LINES, SURROUNDINGS } from './surroundings.ts';

export interface Label {
  readonly kind: string;
  readonly start: number;
  /** Up to, not including. */
  readonly end: number;
}

/** A text of the corpus and everything in it that must be found. */
export interface Labelled {
  readonly text: string;
  readonly labels: readonly Label[];
}

/** The national ids of the corpus, as an operator writes them. */
export const CORPUS_IDS = [{ name: 'nino', template: 'AA 99 99 99 A' }];

const PER_SHAPE = 10;
const PER_TEXT = 3;
const PER_KIND_ANYWHERE = 48;
const HARMLESS_TIMES = 55;

/**
 * The corpus: forms and hard cases are written by hand, values are drawn from a seed, texts are built from both. The
 * same texts in every run; no value is real, and none is spelt out in the repository.
 */
export function corpus(): readonly Labelled[] {
  const draw = random(20_260_304);
  return [...structured(draw), ...named(draw), ...personal(draw), ...nothing(draw)];
}

function place(form: string, value: string, kind: string): Labelled {
  const start = form.indexOf('{}');
  return { text: form.replace('{}', () => value), labels: [{ kind, start, end: start + value.length }] };
}

function structured(draw: Random): readonly Labelled[] {
  return Object.entries(STRUCTURED).flatMap(([kind, makes]) =>
    makes.flatMap((make) =>
      Array.from({ length: PER_SHAPE }, (_, index) => {
        const value = make(draw);
        const forms = value.includes('\n') ? LINES : SURROUNDINGS;
        const form = (index === 0 ? forms[0] : draw.one(forms)) ?? '{}';
        // What a bot's number is to its secret.
        if (kind === 'telegram-token')
          return place(
            form.replace('{}', () => '123456789:{}'),
            value,
            kind,
          );
        return place(form, value, kind);
      }),
    ),
  );
}

const named = (draw: Random): readonly Labelled[] =>
  NAMED.flatMap(({ kind, form, make }) => Array.from({ length: PER_TEXT }, () => place(form, make(draw), kind)));

function personal(draw: Random): readonly Labelled[] {
  return PERSONAL.flatMap(({ kind, make, texts, anywhere }) => [
    ...texts.flatMap((form) => Array.from({ length: PER_TEXT }, () => place(form, make(draw), kind))),
    ...Array.from({ length: anywhere ? PER_KIND_ANYWHERE : 0 }, () => place(draw.one(SURROUNDINGS), make(draw), kind)),
    // In longer texts: what tells stands within another's surroundings.
    ...texts.map((form) => within(draw.one(SURROUNDINGS.slice(1, 14)), place(form, make(draw), kind))),
  ]);
}

function within(form: string, { text, labels }: Labelled): Labelled {
  const by = form.indexOf('{}');
  const moved = labels.map(({ kind, start, end }) => ({ kind, start: start + by, end: end + by }));
  return { text: form.replace('{}', () => text), labels: moved };
}

const nothing = (draw: Random): readonly Labelled[] =>
  harmless(draw, HARMLESS_TIMES).map((text) => ({ text, labels: [] }));
