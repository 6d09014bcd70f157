export type Json =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A JSON document, or one to a line, which reads as a list. The parser's own words would quote the text. */
export function readJson(text: string): Json {
  const whole = parsed(text);
  if (whole !== undefined) return { kind: 'read', value: whole.value };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const each = lines.length > 1 ? lines.map(parsed) : [];
  const values = each.flatMap((one) => (one === undefined ? [] : [one.value]));
  if (values.length > 1 && values.length === lines.length) return { kind: 'read', value: values };
  return { kind: 'unreadable', reason: `:${faultLine(text)}: is no JSON` };
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

const TOKEN =
  /[ \t\r\n]*(?:("[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{}:,]))/uy;

/** What may follow: a value, a key, or what stands between. `first` also takes the end of the list or object. */
type Next = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'end';

/** The line of the first token that no JSON document could have there. */
function faultLine(text: string): number {
  const open: ('[' | '{')[] = [];
  let next: Next = 'value';
  TOKEN.lastIndex = 0;
  for (let at = 0; ; at = TOKEN.lastIndex) {
    const [, string, plain, mark] = TOKEN.exec(text) ?? [];
    const after = follow(next, { string, plain, mark }, open);
    if (after === undefined) return lineAt(text, at);
    next = after;
  }
}

interface Token {
  readonly string: string | undefined;
  readonly plain: string | undefined;
  readonly mark: string | undefined;
}

function follow(next: Next, { string, plain, mark }: Token, open: ('[' | '{')[]): Next | undefined {
  switch (next) {
    case 'value':
    case 'first value':
      if (string !== undefined || plain !== undefined) return 'end';
      if (mark === ']' && next === 'first value') return closed(open);
      if (mark !== '[' && mark !== '{') return undefined;
      open.push(mark);
      return mark === '[' ? 'first value' : 'first key';
    case 'key':
    case 'first key':
      if (string !== undefined) return 'colon';
      return mark === '}' && next === 'first key' ? closed(open) : undefined;
    case 'colon':
      return mark === ':' ? 'value' : undefined;
    case 'end': {
      const inside = open.at(-1);
      if (mark === ',') return inside === undefined ? undefined : inside === '[' ? 'value' : 'key';
      return (mark === ']' && inside === '[') || (mark === '}' && inside === '{') ? closed(open) : undefined;
    }
  }
}

function closed(open: ('[' | '{')[]): Next {
  open.pop();
  return 'end';
}

/** The line of the next character that is no space; of the last one where only spaces follow. */
function lineAt(text: string, at: number): number {
  const spaces = /^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0;
  const place = Math.min(at + spaces, text.trimEnd().length);
  return text.slice(0, place).split('\n').length;
}
