import type { Taken } from '../core/taken.ts';

type Path = readonly string[];

/** What was taken of a message so far. */
export interface Takings {
  readonly taken: Taken;
  /** Where the next path that is taken leads, step by step. */
  readonly next: Step;
}

interface Step {
  readonly below: Map<string, Step>;
  /** What is taken once the path that ends here is taken, too. */
  end: Takings | undefined;
}

/** Of a leaf that is taken: nothing is below it. */
const LEAF: Taken = new Map();

/** Takings that are remembered; with more, all are made anew. */
const REMEMBERED = 20_000;

let nothing = takingsOf(LEAF);
let remembered = 0;

/** Nothing was taken yet. */
export const takeNothing = (): Takings => nothing;

/**
 * One leaf more. What contains it is not taken with it, and what it contains stays what it is where some of it was taken.
 *
 * Performance: of messages of one kind the same leaves are taken in the same order, so their trees are made once and shared.
 * Whoever splits messages remembers what it learned by the tree (core/leaves.ts, which says what both save).
 */
export function take({ taken, next }: Takings, path: Path): Takings {
  let step = next;
  for (let at = 0; at < path.length; at++) {
    const name = path[at] ?? '';
    step = step.below.get(name) ?? stepTo(step, name);
  }
  step.end ??= remember(planted(taken, path, 0, false));
  return step.end;
}

/** The leaf or all that was left of a part; not remembered, for such paths lead into lists. */
export const cut = ({ taken }: Takings, path: Path): Takings => takingsOf(planted(taken, path, 0, true));

function planted(taken: Taken, path: Path, at: number, isWhole: boolean): Taken {
  const name = path[at];
  if (name === undefined) return taken;
  const below = taken.get(name);
  if (at < path.length - 1) return new Map(taken).set(name, planted(below ?? LEAF, path, at + 1, isWhole));
  return below === undefined || isWhole ? new Map(taken).set(name, LEAF) : taken;
}

function takingsOf(taken: Taken): Takings {
  return { taken, next: { below: new Map(), end: undefined } };
}

function stepTo({ below }: Step, name: string): Step {
  const step: Step = { below: new Map(), end: undefined };
  below.set(name, step);
  return step;
}

function remember(taken: Taken): Takings {
  if (++remembered > REMEMBERED) {
    // Readers that are at work go on in the old ones, which nobody finds again.
    nothing = takingsOf(LEAF);
    remembered = 0;
  }
  return takingsOf(taken);
}
