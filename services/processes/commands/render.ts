import { styleText } from 'node:util';

/**
 * Characters that act on a terminal or hide what stands there: C0 and C1 controls, zero-width and bidirectional marks,
 * line separators, tag characters, lone surrogates (CWE-150). Stored bytes stay as they are; this is for eyes only.
 */
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what this finds
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]|[\u{e0000}-\u{e007f}]/gu;

/** The text with every acting character written out as `\u{…}`. */
export function neutral(text: string): string {
  return text.replace(ACTING, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same over lines: breaks and tabs stay. */
export const neutralLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.split('\t').map(neutral).join('\t'))
    .join('\n');

export type Row = Readonly<Record<string, unknown>>;

/** Rows as JSON lines, for programs. JSON escapes controls; the marks it leaves alone are escaped here. */
export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row).replace(ACTING, escapeJson)}\n`).join('');
}

function escapeJson(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

export interface Screen {
  /** Columns of the terminal; undefined when nobody watches: nothing is cut then. */
  readonly width: number | undefined;
  readonly color: boolean;
}

export function screen(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Screen {
  // Terminals that do not know their size say 0.
  const width = stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
  return { width, color: stream.isTTY === true && (environment.NO_COLOR ?? '') === '' };
}

/**
 * Rows as a table with aligned columns. Columns that are empty in every row are left out. What is wider than the terminal
 * goes on in indented lines: an answer shows all it holds.
 */
export function table(rows: readonly Row[], { width, color }: Screen): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) =>
    rows.some((row) => cell(row[name]) !== ''),
  );
  const lines = [names.map(neutral), ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const parts = fold(widths, width ?? Number.POSITIVE_INFINITY);
  return lines
    .map((line, index) => {
      const texts = parts.map((columns) => aligned(line, columns, widths)).filter((text) => text !== '');
      const shown =
        width === undefined ? texts.join('') : texts.flatMap((text, part) => cut(text, part, width)).join('\n');
      return `${index === 0 && color ? styleText('bold', shown) : shown}\n`;
    })
    .join('');
}

const GAP = '  ';

/** Which columns share a line of the terminal, in order. */
function fold(widths: readonly number[], width: number): readonly (readonly number[])[] {
  const parts: number[][] = [[]];
  let taken = 0;
  for (const [column, own] of widths.entries()) {
    const last = parts.at(-1) ?? [];
    if (last.length > 0 && taken + own > width) {
      parts.push([column]);
      taken = GAP.length + own + GAP.length;
    } else {
      last.push(column);
      taken += own + GAP.length;
    }
  }
  return parts;
}

function aligned(line: readonly string[], columns: readonly number[], widths: readonly number[]): string {
  const cells = columns.map((column) => (line[column] ?? '').padEnd(widths[column] ?? 0));
  return cells.join(GAP).trimEnd();
}

/** One text in lines no longer than the terminal; all but a row's first are indented. */
function cut(text: string, part: number, width: number): readonly string[] {
  const indent = part === 0 ? '' : GAP;
  const room = Math.max(width - GAP.length, 1);
  const first = text.slice(0, width - indent.length);
  const more = text.slice(first.length).match(new RegExp(`.{1,${room}}`, 'gsu')) ?? [];
  return [`${indent}${first}`, ...more.map((rest) => `${GAP}${rest}`)];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return neutral(value.join(', '));
  return neutral(typeof value === 'string' ? value : JSON.stringify(value));
}
