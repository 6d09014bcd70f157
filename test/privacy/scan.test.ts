import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AT, BRACKET, type Detector, DIGITS, type Span } from '../../services/privacy/detector.ts';
import { scanner } from '../../services/privacy/scan.ts';

const words: readonly Detector[] = ['abcd', 'ABc-', 'cab', 'bca1x', '://'].map((word, index) => ({
  triggers: [word],
  read: (text, at) =>
    text.slice(at, at + word.length).toLowerCase() === word.toLowerCase()
      ? { start: at, end: at + word.length + index, kind: `kind-${index}` }
      : undefined,
}));

const matching = (trigger: string, shape: RegExp, kind: string): Detector => ({
  triggers: [trigger],
  read(text, at) {
    shape.lastIndex = at;
    return shape.test(text) ? { start: at, end: shape.lastIndex, kind } : undefined;
  },
});
const signs: readonly Detector[] = [
  matching(DIGITS, /(?<![0-9])[0-9]{2}-?[0-9]/y, 'digits'),
  matching(AT, /@[a-z]?/y, 'at'),
  matching(BRACKET, /\[[a-c]/y, 'bracket'),
];
const detectors = [...words, ...signs];

/** How far before the place the search has come to a trigger begins. */
function backOf(trigger: string): number {
  if (trigger === DIGITS) return 2;
  return trigger === AT || trigger === BRACKET ? 1 : 3;
}

/** What the tables stand for: every detector is asked at every place. */
function slowly(text: string): readonly Span[] {
  const found: Span[] = [];
  let free = 0;
  for (let next = 1; next <= text.length; next++) {
    const span = detectors.flatMap((detector) => {
      const at = next - backOf(detector.triggers[0] ?? '');
      return at < free ? [] : (detector.read(text, at) ?? []);
    })[0];
    if (span === undefined) continue;
    found.push(span);
    free = span.end;
    next = Math.max(next, free);
  }
  return found;
}

test('finds what asking everywhere finds', () => {
  const piece = fc.oneof(
    fc.constantFrom('abcd', 'abc-', 'cab', 'BCA1x', 'bca1', '://', 'a', 'b', 'c', '12', '1', '-', '@', '[', 'é', '１'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const found: Span[] = [];
      scanner(detectors)(text, (span) => found.push(span));
      expect(found).toEqual(slowly(text));
    }),
    { numRuns: 3000 },
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

test('asks for a word only where its first five characters stand, in any case', () => {
  const asked: number[] = [];
  const word: Detector = {
    triggers: ['diabetes'],
    read: (_, at) => {
      asked.push(at);
      return undefined;
    },
  };
  scanner([word])('dia diab dialog DIABETES diabolic', () => {});
  expect(asked).toEqual([16]);
});

test('asks for digits once per run', () => {
  const asked: number[] = [];
  const digits: Detector = {
    triggers: [DIGITS],
    read: (_, at) => {
      asked.push(at);
      return undefined;
    },
  };
  scanner([digits])(`12345 6 78 a90 ${'1'.repeat(1000)}`, () => {});
  expect(asked).toEqual([0, 8, 12, 15]);
});

test('a trigger has three characters, or is one of the signs', () => {
  expect(() => scanner([{ triggers: ['ab'], read: () => undefined }])).toThrow(RangeError);
});
