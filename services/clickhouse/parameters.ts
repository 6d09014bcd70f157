import type { Params } from './client.ts';
import { type Refusal, refuse } from './gate-lexer.ts';

/**
 * Values of bound parameters as HTTP brings them: ClickHouse's `Escaped` text, an array as its literal. The drivers escape
 * again, so each is read by the type the question gives it. A parameter without a value is ClickHouse's to complain about.
 */
export function readParameters(
  types: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string>>,
): { readonly ok: true; readonly params: Params } | Refusal {
  const params: Record<string, unknown> = Object.create(null);
  for (const [name, type] of types) {
    if (!Object.hasOwn(given, name)) continue;
    const raw = given[name] ?? '';
    const value = /^Array\(/.test(type) ? items(raw) : scalar(raw);
    if (value === undefined) return refuse(`param_${name} is no ${type}: it is written like ['a', 'b'] or [1, 2]`);
    params[name] = value;
  }
  return { ok: true, params };
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' },
  ...{ '\\': '\\', "'": "'", '"': '"', '`': '`', '/': '/' },
};

/** Before any other letter a backslash stands for itself. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (all, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPES[letter] ?? all) : String.fromCharCode(Number.parseInt(hex, 16)),
  );

const scalar = (raw: string): string | null => (raw === '\\N' ? null : unescaped(raw));

const ITEM = /\s*(?:'((?:[^'\\]|\\[\s\S]|'')*)'|(NULL)|(true|false)|([-+]?[0-9][0-9a-fA-F.xX+-]*))\s*/iy;

/** Undefined where it is no list of texts, numbers, truths and NULL. */
function items(raw: string): readonly unknown[] | undefined {
  const text = raw.trim();
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  const inner = text.slice(1, -1);
  if (inner.trim() === '') return [];
  const all: unknown[] = [];
  for (let at = 0; ; at++) {
    ITEM.lastIndex = at;
    const found = ITEM.exec(inner);
    if (found === null) return undefined;
    const [whole, quoted, absent, truth, number = ''] = found;
    if (quoted !== undefined) all.push(unescaped(quoted.replaceAll("''", "'")));
    else if (absent !== undefined) all.push(null);
    else if (truth !== undefined) all.push(truth.toLowerCase() === 'true');
    else if (Number.isNaN(Number(number))) return undefined;
    else all.push(/^[-+]?\d+$/.test(number) ? BigInt(number.replace('+', '')) : Number(number));
    at += whole.length;
    if (at === inner.length) return all;
    if (inner[at] !== ',') return undefined;
  }
}
