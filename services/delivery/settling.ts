import type { Ended } from './parcel.ts';

/**
 * Hands outcomes on in the order of the events, each once: always the longest run without a gap, and never before the
 * last call is done.
 */
export class Settling {
  private readonly settle: (ended: readonly Ended[]) => Promise<void>;
  /** Runs by the position of their first; gone once handed on. */
  private readonly known = new Map<number, readonly Ended[]>();
  private at = 0;
  private work = Promise.resolve();

  constructor(settle: (ended: readonly Ended[]) => Promise<void>) {
    this.settle = settle;
  }

  /** How the events from a position on ended; where these end the next are told from. Resolves once they, if nothing before them is missing, are settled. */
  note(from: number, ended: readonly Ended[]): Promise<void> {
    this.known.set(from, ended);
    this.work = this.work.then(() => this.handOn());
    return this.work;
  }

  /** Resolves once no call is under way; rejects as `settle` did, which is then not called again. */
  rest(): Promise<void> {
    return this.work;
  }

  private async handOn(): Promise<void> {
    const runs: (readonly Ended[])[] = [];
    for (let run = this.known.get(this.at); run !== undefined; run = this.known.get(this.at)) {
      runs.push(run);
      this.known.delete(this.at);
      this.at += run.length;
    }
    if (runs.length > 0) await this.settle(runs.flat());
  }
}
