import { BEGINS, type Detector, literally } from './detector.ts';

/** Tokens that say by their beginning whose they are: kind, beginnings, what follows, how far before that it starts. */
export interface Shape {
  readonly kind: string;
  readonly begins: readonly string[];
  /**
   * Source of a regular expression for what follows the beginning. An open quantifier stands last only: so a miss reads
   * a bounded stretch, and a hit takes the whole run and leaves no end of a longer token behind.
   */
  readonly follows: string;
  /** The beginning is a word that others may end in. */
  readonly atWordStart?: boolean;
}

export const tokenDetectors = (shapes: readonly Shape[]): readonly Detector[] => shapes.map(detectorOf);

function detectorOf({ kind, begins, follows, atWordStart }: Shape): Detector {
  const words = begins.map(literally).join('|');
  const shape = new RegExp(`${atWordStart === true ? BEGINS : ''}(?:${words})${follows}`, 'y');
  return {
    triggers: begins,
    read(text, at) {
      shape.lastIndex = at;
      return shape.test(text) ? { start: at, end: shape.lastIndex, kind } : undefined;
    },
  };
}
