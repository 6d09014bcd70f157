import { varint } from './varint.ts';

/**
 * Output formats people may ask for. Left out: Template and its kin read files, Protobuf and its kin write schemas, the wire
 * formats are other servers' replies.
 */
export type Shape =
  /** Rows one after the other: pieces of an answer make an answer. */
  | { readonly shape: 'rows' }
  /** Rows below a head of names and types, which the embedded engine writes before every piece: `head` is its length. */
  | { readonly shape: 'headed'; head(piece: Uint8Array): number }
  /** One document: whoever writes it needs all of it. */
  | { readonly shape: 'whole' };

const ROWS = [
  ...['Native', 'RowBinary', 'TabSeparated', 'TSV', 'TabSeparatedRaw', 'TSVRaw', 'CSV', 'TSKV', 'LineAsString'],
  ...['JSONEachRow', 'JSONStringsEachRow', 'JSONCompactEachRow', 'JSONCompactStringsEachRow'],
];

/** Names and types on lines of their own. In CSV a name may hold a line feed, in quotes. */
const HEADED = [
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
];

const WHOLE = [
  ...['JSON', 'JSONStrings', 'JSONCompact', 'JSONCompactStrings', 'JSONColumns', 'JSONCompactColumns'],
  ...['JSONColumnsWithMetadata', 'JSONObjectEachRow', 'JSONEachRowWithProgress', 'PrettyJSONEachRow'],
  ...['Pretty', 'PrettyNoEscapes', 'PrettyMonoBlock', 'PrettyCompact', 'PrettyCompactMonoBlock', 'PrettySpace'],
  ...['Vertical', 'Values', 'Markdown', 'XML', 'Null', 'Parquet', 'Arrow', 'ArrowStream', 'ORC'],
];

const rows: Shape = { shape: 'rows' };
const whole: Shape = { shape: 'whole' };
const headed = (head: (piece: Uint8Array) => number): Shape => ({ shape: 'headed', head });

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...ROWS.map((name): [string, Shape] => [name, rows]),
  ...HEADED.flatMap((name): [string, Shape][] => [
    [`${name}WithNames`, headed((piece) => afterLines(piece, 1, name === 'CSV'))],
    [`${name}WithNamesAndTypes`, headed((piece) => afterLines(piece, 2, name === 'CSV'))],
  ]),
  ['RowBinaryWithNames', headed((piece) => afterTexts(piece, 1))],
  ['RowBinaryWithNamesAndTypes', headed((piece) => afterTexts(piece, 2))],
  ...WHOLE.map((name): [string, Shape] => [name, whole]),
]);

export const isKnownFormat = (name: string): boolean => SHAPES.has(name);

/** A format that is not known is one document: nothing is assumed of it. */
export const formatOf = (name: string): Shape => SHAPES.get(name) ?? whole;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Where so many lines end. */
function afterLines(piece: Uint8Array, lines: number, inQuotes: boolean): number {
  let [left, quoted] = [lines, false];
  for (const [index, byte] of piece.entries()) {
    if (inQuotes && byte === QUOTE) quoted = !quoted;
    if (byte === LINE_FEED && !quoted && --left === 0) return index + 1;
  }
  return piece.length;
}

/** RowBinary's head: the number of columns, then their names, then their types, each with its length before it. */
function afterTexts(piece: Uint8Array, times: number): number {
  const count = varint(piece, 0);
  let at = count.next;
  for (let text = 0; text < count.value * times; text++) {
    const length = varint(piece, at);
    at = length.next + length.value;
  }
  return at;
}
