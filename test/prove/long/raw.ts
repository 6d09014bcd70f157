/** Marks a text that is to stand in JSON as it is, without quotes: a private use character no fixture holds. */
const MARK = '\uf8ff';

/** Stands for characters that no value can be stringified to: numbers past any range, a key twice, depths that end a stack. */
export const raw = (characters: string): string => `${MARK}${characters}${MARK}`;

export const isRaw = (value: unknown): boolean => typeof value === 'string' && value.startsWith(MARK);

const MARKED = new RegExp(`"${MARK}((?:[^"\\\\]|\\\\.)*?)${MARK}"`, 'g');

/** JSON of a value, with what is raw as it is. */
export function textOf(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return json.includes(MARK) ? json.replace(MARKED, (_, escaped: string) => String(JSON.parse(`"${escaped}"`))) : json;
}
