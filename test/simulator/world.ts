import { openRandom, type Random } from './random.ts';

/** Virtual time of every seed begins here. */
const BEGIN = Date.UTC(2026, 2, 10, 6);

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Wakes no code under test, so that nothing needs to come to rest after it. */
  readonly isQuiet: boolean;
}

/**
 * Time, chance and the order of everything that happens in one seed. Whatever waits, waits here: happenings come one at a
 * time, in the order of their virtual time, and what each sets off comes to rest before the next.
 */
export class World {
  readonly random: Random;
  /** What happened, in words; empty unless a story was asked for. */
  readonly story: string[] = [];
  /** How much happened. */
  happened = 0;
  /** Effects under way whose caller may be gone: the world is not at rest before they came to their end. */
  underWay = 0;
  private readonly isTold: boolean;
  private readonly heap: Happening[] = [];
  private elapsed = 0;
  private order = 0;

  constructor(seed: number, isTold: boolean) {
    this.random = openRandom(seed);
    this.isTold = isTold;
  }

  /** Milliseconds since the seed began. */
  get now(): number {
    return this.elapsed;
  }

  get date(): Date {
    return new Date(BEGIN + this.elapsed);
  }

  tell(who: string, words: () => string): void {
    if (this.isTold) this.story.push(`${(this.elapsed / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(16)} ${words()}`);
  }

  in(ms: number, run: () => void, isQuiet = false): void {
    const { heap } = this;
    const happening = { at: this.elapsed + Math.max(0, ms), order: this.order++, run, isQuiet };
    let index = heap.length;
    heap.push(happening);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, happening)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = happening;
  }

  /** Lets the next things happen, up to one that wakes code; false when nothing is left to happen. */
  async step(): Promise<boolean> {
    for (;;) {
      const next = this.take();
      if (next === undefined) return false;
      this.elapsed = next.at;
      this.happened++;
      next.run();
      if (next.isQuiet) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      return true;
    }
  }

  private take(): Happening | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const least = isRight ? right : left;
      if (isBefore(last, least)) break;
      heap[index] = least;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
