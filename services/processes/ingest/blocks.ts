import { frame } from '../../codec/wire.ts';
import { carry, type Entry } from '../../core/carriage.ts';
import type { Outgoing } from '../../core/log.ts';
import type { Origin } from '../../core/origin.ts';

/** A datum and its entry in the index of the record that will carry it. */
export interface Piece {
  readonly entry: Entry;
  readonly datum: Buffer;
}

/** A block ends after this many datums or bytes; a larger datum stands alone. */
const BLOCK = { datums: 500, bytes: 512 * 1024 } as const;

/** Many datums a record: nobody but the archive reads content. Order is kept, so a watermark can cut a block. */
export function blocks(
  pieces: readonly Piece[],
  lineage: Pick<Origin, 'epoch' | 'topic' | 'partition'>,
  schemaId: number,
): readonly Outgoing[] {
  const made: Outgoing[] = [];
  let open: Piece[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length === 0) return;
    const datums = open.map(({ datum }) => datum);
    made.push({
      headers: carry(
        lineage,
        open.map(({ entry }) => entry),
      ),
      value: frame(schemaId, datums),
    });
    open = [];
    bytes = 0;
  };
  for (const piece of pieces) {
    if (open.length === BLOCK.datums || bytes + piece.datum.length > BLOCK.bytes) close();
    open.push(piece);
    bytes += piece.datum.length;
  }
  close();
  return made;
}
