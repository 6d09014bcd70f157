/** What a key came to, once per repeat; or why it came to nothing. */
export type Figure =
  | { readonly kind: 'measured'; readonly key: string; readonly unit: string; readonly values: readonly number[] }
  | { readonly kind: 'unreached'; readonly key: string; readonly because: string };

/** What a run found out. */
export interface Found {
  readonly figures: readonly Figure[];
  /** By workload, the corpus that was read: how many messages, and their SHA-256. */
  readonly corpora: Readonly<Record<string, string>>;
  /** Sentences to stand below the table. */
  readonly notes: readonly string[];
}

export interface Bounds {
  /** CPU seconds of each measurement of the core. */
  readonly seconds: number;
  /** Messages of each run over a log. */
  readonly events: number;
  readonly repeats: number;
}

/** Keys that are measured together. */
export interface Run {
  readonly keys: readonly string[];
  measure(bounds: Bounds): Promise<Found>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

export const say = (words: string): void => void process.stderr.write(`${words}\n`);
