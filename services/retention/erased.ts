import { hash as digest } from 'node:crypto';

/** Name of the list that is filed beside a certificate of erasure. */
export const erasedFile = (certificate: string): string => `${certificate}.events.csv`;

/** An event whose personal part gave way to a hash. */
export interface ErasedEvent {
  readonly event: string;
  /** SHA-256 that stood over the personal part and its salt, in hex. */
  readonly hash: string;
}

/** Its line in the list, which is sorted by event. */
export const erasedLine = ({ event, hash }: ErasedEvent): string => `${event},${hash}\n`;

const LINE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}),([0-9a-f]{64})$/;

/** Throws where a line is none. */
export function readErased(text: string): readonly ErasedEvent[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const [, event, hash] = LINE.exec(line) ?? [];
      if (event === undefined || hash === undefined) throw new RangeError(`line ${index + 1} names no erased event`);
      return { event, hash };
    });
}

/** Whether a file is the list that a certificate names. */
export const isListed = (
  file: Uint8Array,
  { count, sha256 }: { readonly count: number; readonly sha256: string },
): boolean =>
  digest('sha256', file) === sha256 && file.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0) === count;
