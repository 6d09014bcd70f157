/** Above this length the engine's own writer is faster than a look at every character. */
const SHORT = 64;

/** The text as JSON. Most are short and need no escape: written as they stand. */
export function quoted(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(text);
}

function isPlain(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126 || code === 34 || code === 92) return false;
  }
  return true;
}

/** A member with its comma before it; nothing for a text that is empty. `key` is as written: `,"name":`. */
export const text = (key: string, value: string): string => (value === '' ? '' : key + quoted(value));

/** An object as a member; nothing when no member stands in it. */
export const object = (key: string, members: string): string => (members === '' ? '' : `${key}{${members.slice(1)}}`);

/** A column that is no text or number. */
export type Nested = Uint8Array | Readonly<Record<string, string>> | readonly unknown[];

/** It as JSON, bytes as hex; empty where nothing is in it. */
export function nested(value: Nested): string {
  if (value instanceof Uint8Array) return `"${hexOf(value)}"`;
  const json = JSON.stringify(value);
  return json.length > '[]'.length ? json : '';
}

/** Of a view: Buffer.from of the bytes themselves would copy them. */
const hexOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');
