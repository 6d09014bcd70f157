import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Detector, Span } from '../../services/privacy/detector.ts';
import { scanner } from '../../services/privacy/scan.ts';

const words: readonly Detector[] = ['abcd', 'ABc-', 'cab', 'bca1', '://'].map((word, index) => ({
  triggers: [word],
  read: (text, at) =>
    text.slice(at, at + word.length).toLowerCase() === word.toLowerCase()
      ? { start: at, end: at + word.length + index, kind: `kind-${index}` }
      : undefined,
}));

/** What the table stands for: every detector is asked at every place. */
function slowly(detectors: readonly Detector[], text: string): readonly Span[] {
  const found: Span[] = [];
  let free = 0;
  for (let at = 0; at + 3 <= text.length; at++) {
    if (at < free) continue;
    const span = detectors.flatMap((detector) => detector.read(text, at) ?? [])[0];
    if (span === undefined) continue;
    found.push(span);
    free = span.end;
  }
  return found;
}

test('finds what asking everywhere finds', () => {
  const piece = fc.oneof(
    fc.constantFrom('abcd', 'abc-', 'cab', 'BCA1', '://', 'a', 'b', 'c'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const found: Span[] = [];
      scanner(words)(text, (span) => found.push(span));
      expect(found).toEqual(slowly(words, text));
    }),
    { numRuns: 2000 },
  );
});

test('a span that begins before its trigger does not overlap the one before', () => {
  const wide: Detector = { triggers: ['xyz'], read: (_, at) => ({ start: at - 3, end: at + 3, kind: 'wide' }) };
  const found: Span[] = [];
  scanner([wide])('...xyzxyz', (span) => found.push(span));
  expect(found.map(({ start, end }) => [start, end])).toEqual([
    [0, 6],
    [6, 9],
  ]);
});

test('a trigger has three characters', () => {
  expect(() => scanner([{ triggers: ['ab'], read: () => undefined }])).toThrow(RangeError);
});
