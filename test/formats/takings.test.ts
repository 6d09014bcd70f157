import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Taken } from '../../services/core/taken.ts';
import { cut, take, takeNothing } from '../../services/formats/takings.ts';

interface Branch extends Map<string, Branch> {}

/** A tree of its own for every message. */
function slowly(steps: readonly Step[]): Taken {
  const tree: Branch = new Map();
  for (const { path, isCut } of steps) {
    let branch = tree;
    for (const name of path.slice(0, -1)) {
      const below = branch.get(name) ?? new Map();
      branch.set(name, below);
      branch = below;
    }
    const [last] = path.slice(-1);
    if (last !== undefined && (isCut || !branch.has(last))) branch.set(last, new Map());
  }
  return tree;
}

interface Step {
  readonly path: readonly string[];
  readonly isCut: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  path: fc.array(fc.constantFrom('a', 'b', '0', '__proto__'), { minLength: 1, maxLength: 3 }),
  isCut: fc.constantFrom(false, false, false, true),
});

test('what is taken is a tree of its own, whatever was taken of other messages', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const { taken } = steps.reduce(
        (before, { path, isCut }) => (isCut ? cut(before, path) : take(before, path)),
        takeNothing(),
      );
      expect(taken).toEqual(slowly(steps));
      expect(takeNothing().taken.size).toBe(0);
    }),
    { numRuns: 3_000 },
  );
});

test('the same leaves in the same order are one tree', () => {
  const both = () => take(take(takeNothing(), ['a']), ['b', 'c']).taken;
  expect(both()).toBe(both());
});

test('more trees than are remembered', () => {
  for (let index = 0; index < 30_000; index++)
    expect(take(takeNothing(), [`t${index}`]).taken).toEqual(new Map([[`t${index}`, new Map()]]));
});
