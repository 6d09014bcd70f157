import type { Ended } from './parcel.ts';

/**
 * Hands outcomes on in the order of the events, each once: always the longest run without a gap, and never before the
 * last call is done.
 */
export class Settling {
  private readonly settle: (ended: readonly Ended[]) => Promise<void>;
  /** By position; gone once handed on. */
  private readonly known = new Map<number, Ended>();
  private at = 0;
  private work = Promise.resolve();

  constructor(settle: (ended: readonly Ended[]) => Promise<void>) {
    this.settle = settle;
  }

  /** How the events from a position on ended. Resolves once they, if nothing before them is missing, are settled. */
  note(from: number, ended: readonly Ended[]): Promise<void> {
    for (const [index, one] of ended.entries()) this.known.set(from + index, one);
    this.work = this.work.then(() => this.handOn());
    return this.work;
  }

  /** Resolves once no call is under way; rejects as `settle` did, which is then not called again. */
  rest(): Promise<void> {
    return this.work;
  }

  private async handOn(): Promise<void> {
    const run: Ended[] = [];
    for (let one = this.known.get(this.at); one !== undefined; one = this.known.get(this.at)) {
      run.push(one);
      this.known.delete(this.at++);
    }
    if (run.length > 0) await this.settle(run);
  }
}
