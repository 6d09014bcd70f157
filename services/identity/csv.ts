export interface CsvRow {
  /** Line the row begins at, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Csv =
  | { readonly kind: 'read'; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One cell and what ends it. A quote inside an unquoted cell ends the match, so that it is told. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * RFC 4180: comma, double quotes doubled inside quotes, line breaks inside quotes. Any line break ends a row; a byte order
 * mark is dropped, empty lines are passed over. Rows of another width than the first are a fault: a comma that was not
 * quoted would move what follows into other columns.
 */
export function readCsv(text: string): Csv {
  const rows: CsvRow[] = [];
  const source = text.replace(/^\ufeff/, '');
  let cells: string[] = [];
  let begun = 1;
  let line = 1;
  CELL.lastIndex = 0;
  while (CELL.lastIndex < source.length || cells.length > 0) {
    const at = CELL.lastIndex;
    const cell = CELL.exec(source);
    if (cell === null)
      return fault(
        line,
        source[at] === '"' ? 'a quote is not closed, or text follows it' : 'a quote stands in a bare cell',
      );
    const [whole, quoted, bare = '', end = ''] = cell;
    cells.push(quoted?.replaceAll('""', '"') ?? bare);
    line += breaks(whole);
    if (end === ',') continue;

    const width = rows[0]?.cells.length ?? cells.length;
    const isEmpty = cells.length === 1 && whole === end;
    if (!isEmpty && cells.length !== width) return fault(begun, `has ${cells.length} cells, the first row ${width}`);
    if (!isEmpty) rows.push({ line: begun, cells });
    cells = [];
    begun = line;
  }
  return { kind: 'read', rows };
}

const breaks = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

const fault = (line: number, reason: string): Csv => ({ kind: 'unreadable', reason: `:${line}: ${reason}` });
