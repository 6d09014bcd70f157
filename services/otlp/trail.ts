import { shownKey } from '../core/format.ts';

/** Longest place that a fault names, in characters. */
const LONGEST = 240;

/**
 * Where a reader stands in a message, and the first fault it met. Reading goes on after a fault so that readers need no
 * second way out; what they return is then thrown away.
 */
export class Trail {
  readonly #steps: (string | number)[] = [];
  #fault: string | undefined;

  /** The first fault and its place. */
  get fault(): string | undefined {
    return this.#fault;
  }

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  /** `reason` must not quote what the message holds. */
  blame(reason: string): void {
    if (this.#fault !== undefined) return;
    const place = this.#steps.map(shownKey).join('.').slice(0, LONGEST);
    this.#fault = `${place === '' ? 'message' : place}: ${reason}`;
  }
}
