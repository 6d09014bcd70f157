import { createHash } from 'node:crypto';

/** Bits of one generation, and how many of them stand for a name. */
const BITS = 2 ** 23;
const MARKS = 4;

export interface Forgotten {
  add(name: string, now: number): void;
  /** True for every name added within the span before `now`; now and then for one that was not. */
  has(name: string, now: number): boolean;
}

/**
 * Names that were known once, in bounded memory: a Bloom filter in two generations, each as long as the span. Its errors are
 * on the safe side: a name that it takes for forgotten binds nobody.
 */
export function openForgotten(span: number): Forgotten {
  let generations: readonly Generation[] = [];

  function current(now: number): void {
    const [newest] = generations;
    if (newest !== undefined && now - newest.since <= span) return;
    // The older one holds nothing younger than the span once the newer one is as long as that.
    generations = [{ since: now, bits: new Uint8Array(BITS / 8) }, ...(newest === undefined ? [] : [newest])];
  }

  return {
    add(name, now) {
      current(now);
      for (const mark of marksOf(name)) {
        const [newest] = generations;
        if (newest !== undefined) newest.bits[mark >> 3] = (newest.bits[mark >> 3] ?? 0) | (1 << (mark & 7));
      }
    },
    has(name, now) {
      if (generations.length === 0) return false;
      current(now);
      const marks = marksOf(name);
      return generations.some(({ bits }) => marks.every((mark) => ((bits[mark >> 3] ?? 0) & (1 << (mark & 7))) !== 0));
    },
  };
}

interface Generation {
  readonly since: number;
  readonly bits: Uint8Array;
}

function marksOf(name: string): readonly number[] {
  const digest = createHash('sha256').update(name).digest();
  return Array.from({ length: MARKS }, (_, index) => digest.readUInt32BE(index * 4) % BITS);
}
