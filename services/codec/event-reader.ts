import { Cells, type Show } from './event-cells.ts';
import { EventRow } from './event-row.ts';

/**
 * Reads events as somebody may see them, each until the next is read; nobody is shown the salt. By hand, because every event
 * passes here on its way to a receiver: its twin in the test is avsc (`decodeEvent`) and what `show` says of each personal text
 * after it. `isClear` where `show` shows every text as it is.
 * @throws RangeError naming the place when the bytes are no event.
 */
export function openEventReader(show: Show, isClear = false): (bytes: Uint8Array) => EventRow {
  const row = new EventRow(new Cells(show, isClear));
  return (bytes) => {
    row.cells.find(bytes);
    return row;
  };
}
