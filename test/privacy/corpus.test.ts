import { describe, expect, test } from 'vitest';
import { corpus } from './corpus/corpus.ts';
import { precisionOf, recallOf, score } from './corpus/score.ts';
import { NAMED, STRUCTURED_KINDS } from './corpus/secrets.ts';

const texts = corpus();
const { kinds, failures } = score(texts);
const secretKinds = new Set([...STRUCTURED_KINDS, ...NAMED.map(({ kind }) => kind)]);
const total = (of: (kind: string) => boolean) =>
  kinds
    .filter(({ kind }) => of(kind))
    .reduce(
      (sum, { labels, found, wrong }) => ({
        labels: sum.labels + labels,
        found: sum.found + found,
        wrong: sum.wrong + wrong,
      }),
      { labels: 0, found: 0, wrong: 0 },
    );
const why = () => failures.map(({ why, text }) => `${why}: ${text}`).join('\n');

describe('the corpus', () => {
  test('has 2,000 texts and more that differ', () => {
    expect(new Set(texts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(2000);
  });

  test('has at least as many texts in which nothing may be found', () => {
    const nothing = texts.filter(({ labels }) => labels.length === 0).length;
    expect(nothing).toBeGreaterThanOrEqual(texts.length - nothing);
  });

  test('is the same in every run', () => expect(corpus()).toEqual(texts));
});

describe('structured secrets', () => {
  const structured = total((kind) => STRUCTURED_KINDS.includes(kind));
  const secrets = total((kind) => secretKinds.has(kind));

  test('recall is 99 % and more', () => expect(recallOf(structured), why()).toBeGreaterThanOrEqual(0.99));
  test('precision is 95 % and more', () => expect(precisionOf(secrets), why()).toBeGreaterThanOrEqual(0.95));
  test('so is the recall of those that only their names tell', () =>
    expect(recallOf(secrets), why()).toBeGreaterThanOrEqual(0.99));
});

describe('of every kind', () => {
  test.each(kinds.map(({ kind }) => kind))('%s: at least 95 % of both', (kind) => {
    const one = total((each) => each === kind);
    expect(recallOf(one), why()).toBeGreaterThanOrEqual(0.95);
    expect(precisionOf(one), why()).toBeGreaterThanOrEqual(0.95);
  });
});
