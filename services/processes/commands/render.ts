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
  const width = stream.isTTY ? stream.columns : undefined;
  return { width, color: stream.isTTY === true && (environment.NO_COLOR ?? '') === '' };
}

/** Rows as a table with aligned columns. Columns that are empty in every row are left out. */
export function table(rows: readonly Row[], { width, color }: Screen): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) =>
    rows.some((row) => cell(row[name]) !== ''),
  );
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line, index) => {
      const text = line
        .map((value, column) => value.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd();
      const cut = width !== undefined && text.length > width ? `${text.slice(0, width - 1)}…` : text;
      return `${index === 0 && color ? styleText('bold', cut) : cut}\n`;
    })
    .join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return neutral(value.join(', '));
  return neutral(typeof value === 'string' ? value : JSON.stringify(value));
}
