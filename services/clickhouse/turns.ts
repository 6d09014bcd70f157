import { TooManyQueries } from './streams.ts';

/** So many as a large dashboard asks at once, a few times over. */
const WAITING = 100;

/** Lets so many work at once as there are tools for; the others wait in the order they came. */
export class Turns<T> {
  readonly #free: T[] = [];
  readonly #waiting: ((tool: T) => void)[] = [];
  #made = 0;
  readonly #most: number;
  readonly #make: () => T;

  constructor(most: number, make: () => T) {
    this.#most = most;
    this.#make = make;
  }

  async take(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made < this.#most) {
      this.#made++;
      return this.#make();
    }
    if (this.#waiting.length >= WAITING) throw new TooManyQueries(`${WAITING} queries wait already`);
    return this.#wait(signal);
  }

  give(tool: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(tool);
    else next(tool);
  }

  #wait(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      const take = (tool: T) => {
        signal.removeEventListener('abort', leave);
        resolve(tool);
      };
      this.#waiting.push(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
