import { expect, test } from 'vitest';
import type { Piece } from '../../../services/clickhouse/streams.ts';
import { type Course, hold } from '../../../services/processes/questions/held.ts';

const MEGABYTE = 1024 * 1024;
const piece = (bytes: number, rows = 1): Piece => ({ bytes: Buffer.alloc(bytes, 'x'), rows });
const uncounted = (bytes: number): Piece => ({ ...piece(bytes), rows: undefined });

/** Writes down, in order, what is told and what is handed out. */
async function follow(pieces: readonly (Piece | Error)[], { untold = '', leave = Number.POSITIVE_INFINITY } = {}) {
  const seen: string[] = [];
  const source = { ended: false };
  async function* answer(): AsyncGenerator<Piece> {
    try {
      for (const each of pieces) {
        if (each instanceof Error) throw each;
        yield each;
      }
    } finally {
      source.ended = true;
    }
  }
  const tell = async ({ phase, rows, bytes, fault }: Course) => {
    if (phase === untold) throw new Error('disk full');
    seen.push(
      `${phase} ${rows} ${bytes}${fault === undefined ? '' : ` ${fault instanceof Error ? fault.message : ''}`}`,
    );
  };
  try {
    let handed = 0;
    for await (const bytes of (await hold(answer(), tell)).pieces) {
      seen.push(`out ${bytes.length}`);
      if (++handed === leave) break;
    }
    seen.push('done');
  } catch (error) {
    seen.push(`throws ${error instanceof Error ? error.message : ''}`);
  }
  return { seen, ended: source.ended };
}

test.each([
  [
    'a short answer is told whole, before any of it',
    [piece(5, 2), piece(7, 3)],
    ['whole 5 12', 'out 5', 'out 7', 'done'],
  ],
  ['an empty one too', [], ['whole 0 0', 'done']],
  ['one that fails at once is told and not begun', [piece(5), new Error('no')], ['whole 1 5 no', 'throws no']],
  [
    'rows that are not known are not added up',
    [uncounted(5), piece(5)],
    ['whole undefined 10', 'out 5', 'out 5', 'done'],
  ],
  [
    'a long one is told when it begins and before its last piece',
    [piece(MEGABYTE), piece(6), piece(7)],
    [`began 1 ${MEGABYTE}`, `out ${MEGABYTE}`, 'out 6', `ended 3 ${MEGABYTE + 13}`, 'out 7', 'done'],
  ],
  [
    'one that breaks off is told before its reader hears of it',
    [piece(MEGABYTE), piece(6), new Error('no')],
    [`began 1 ${MEGABYTE}`, `out ${MEGABYTE}`, `ended 2 ${MEGABYTE + 6} no`, 'throws no'],
  ],
])('%s', async (_, pieces, expected) => expect(await follow(pieces)).toEqual({ seen: expected, ended: true }));

test.each([
  ['whole', [piece(5)], ['throws disk full']],
  ['began', [piece(MEGABYTE), piece(6)], ['throws disk full']],
  ['ended', [piece(MEGABYTE), piece(6)], [`began 1 ${MEGABYTE}`, `out ${MEGABYTE}`, 'throws disk full']],
])('without its act (%s) nothing more leaves', async (untold, pieces, expected) => {
  expect(await follow(pieces, { untold })).toEqual({ seen: expected, ended: true });
});

test('who leaves early has been handed a part', async () => {
  const { seen, ended } = await follow([piece(MEGABYTE), piece(6), piece(7), piece(8)], { leave: 2 });
  expect(seen).toEqual([
    `began 1 ${MEGABYTE}`,
    `out ${MEGABYTE}`,
    'out 6',
    `ended 2 ${MEGABYTE + 6} the reader left`,
    'done',
  ]);
  expect(ended).toBe(true);
});
