import type { Piece } from '../../clickhouse/streams.ts';

/** What became of a question so far. */
export interface Course {
  /** Undefined where the store does not say. */
  readonly rows: number | undefined;
  readonly bytes: number;
  /** `began`: the answer is longer than what is held back, and is being handed out. */
  readonly phase: 'whole' | 'began' | 'ended';
  /** Why it is not all of the answer. */
  readonly fault: unknown;
}

/** Puts what became of it onto the trail; a rejection means that it is not there. */
export type Tell = (course: Course) => Promise<void>;

/** Most questions of people and dashboards are answered in less. */
const HELD_BACK = 1024 * 1024;

export interface Held {
  /** Of what is known when the answer begins. */
  readonly course: Course;
  /** To be read to its end or left; throws what went wrong with the answer, once that is told. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * An answer that leaves no piece of itself before its act: a short one is told whole, a longer one when it begins and when it
 * ends, and the last piece waits for the second. Resolves when the first is told.
 */
export async function hold(pieces: AsyncIterable<Piece>, tell: Tell): Promise<Held> {
  const answer = pieces[Symbol.asyncIterator]();
  const count = new Count();
  const held: Uint8Array[] = [];
  while (count.bytes < HELD_BACK) {
    const next = await step(answer);
    if (next.kind === 'piece') held.push(count.add(next.piece));
    else {
      const course = count.course('whole', next.kind === 'failed' ? next.fault : undefined);
      await tell(course);
      if (next.kind === 'failed') throw next.fault;
      return { course, pieces: inOrder(held) };
    }
  }
  const course = count.course('began', undefined);
  await tell(course).catch(async (error: unknown) => {
    await answer.return?.();
    throw error;
  });
  return { course, pieces: rest(held, answer, count, tell) };
}

/** Whoever leaves early has been handed a part: that is told too. */
async function* rest(
  held: readonly Uint8Array[],
  answer: AsyncIterator<Piece>,
  count: Count,
  tell: Tell,
): AsyncGenerator<Uint8Array> {
  let left: unknown = new Error('the reader left');
  try {
    let [last, ...before] = held.toReversed();
    for (const piece of before.reverse()) yield piece;
    for (;;) {
      const next = await step(answer);
      if (next.kind !== 'piece') {
        left = next.kind === 'failed' ? next.fault : undefined;
        break;
      }
      if (last !== undefined) yield last;
      last = count.add(next.piece);
    }
    const fault = left;
    left = TOLD;
    await tell(count.course('ended', fault));
    if (fault !== undefined) throw fault;
    if (last !== undefined) yield last;
  } finally {
    await answer.return?.();
    if (left !== TOLD) await tell(count.course('ended', left));
  }
}

const TOLD = Symbol('told');

async function* inOrder(held: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* held;
}

type Step =
  | { readonly kind: 'piece'; readonly piece: Piece }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly fault: unknown };

async function step(answer: AsyncIterator<Piece>): Promise<Step> {
  try {
    const { value, done } = await answer.next();
    return done === true ? { kind: 'end' } : { kind: 'piece', piece: value };
  } catch (fault) {
    return { kind: 'failed', fault };
  }
}

class Count {
  bytes = 0;
  #rows: number | undefined = 0;

  add({ bytes, rows }: Piece): Uint8Array {
    this.bytes += bytes.length;
    this.#rows = rows === undefined || this.#rows === undefined ? undefined : this.#rows + rows;
    return bytes;
  }

  course(phase: Course['phase'], fault: unknown): Course {
    return { rows: this.#rows, bytes: this.bytes, phase, fault };
  }
}
