/** A value that was read, and where it ends; or what is wrong with it, without a word of it. */
export type Read =
  | { readonly ok: true; readonly value: string; readonly end: number }
  | { readonly ok: false; readonly reason: string };

const PLAIN = /[^"\\]*/y;
const ESCAPE = /\\(?:([nrt"'\\])|u\{([0-9a-fA-F]{1,6})\})/y;

const MEANING: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Reads the text in quotes that begins at `start`: the escapes of Rust's `Debug` for `str`, but NUL, which no column keeps. */
export function unquoted(text: string, start: number): Read {
  const parts: string[] = [];
  for (let at = start + 1; at < text.length; ) {
    if (text[at] === '"') return { ok: true, value: parts.join(''), end: at + 1 };
    const sticky = text[at] === '\\' ? ESCAPE : PLAIN;
    sticky.lastIndex = at;
    const [matched, simple, code] = sticky.exec(text) ?? [];
    const part = sticky === PLAIN ? matched : meant(simple, code);
    if (matched === undefined || part === undefined) return { ok: false, reason: 'an escape that means nothing' };
    parts.push(part);
    at += matched.length;
  }
  return { ok: false, reason: 'a quote that does not close' };
}

function meant(simple: string | undefined, code: string | undefined): string | undefined {
  if (simple !== undefined) return MEANING[simple];
  const point = Number.parseInt(code ?? '', 16);
  const isCharacter = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : undefined;
}
