/** One message of the demo day, as its source would write it. */
export interface Message {
  /** Raw topic. */
  readonly topic: string;
  /** When the log received it, milliseconds since 1970. */
  readonly at: number;
  readonly value: Uint8Array;
}

export function json(topic: string, at: number, value: unknown): Message {
  return { topic, at, value: Buffer.from(JSON.stringify(value)) };
}

export const MINUTE = 60_000;

export const iso = (at: number): string => new Date(at).toISOString();
