import { isObject } from '../../reading.ts';

/** Columns of JSON. The callback writes them as text, a query of the table may give objects. */
const JSON_COLUMNS: ReadonlySet<string> = new Set([
  'metadata',
  'request_tags',
  'messages',
  'response',
  'proxy_server_request',
]);

/** What the standard logging payload has at its top and a row inside `metadata`. */
const LIFTED = ['error_information', 'status'] as const;

/** A row in the shape of the standard logging payload: its JSON read, and its error and status where the payload has them. */
export function unfolded(row: object): object {
  const columns = called(row, 'api_key', (name, value) => (JSON_COLUMNS.has(name) ? parsed(value) : value));
  if (!isObject(columns.metadata)) return columns;
  const metadata = called(columns.metadata, 'user_api_key', (_, value) => value);
  const lifted = LIFTED.filter((name) => isBlank(columns[name]) && !isBlank(metadata[name]));
  return {
    ...columns,
    ...Object.fromEntries(lifted.map((name) => [name, metadata[name]])),
    metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !lifted.some((each) => each === name))),
  };
}

/** The SHA-256 that LiteLLM keeps of a virtual key. */
const HASH = /^[0-9a-f]{64}$/;

/** A hash under the name of a key is called one: by its name alone it would be masked as a credential, and join nothing. */
function called(object: object, key: string, read: (name: string, value: unknown) => unknown): Record<string, unknown> {
  const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
    const isHash =
      name === key && typeof value === 'string' && HASH.test(value) && !Object.hasOwn(object, `${key}_hash`);
    return [isHash ? `${key}_hash` : name, read(name, value)];
  });
  return Object.fromEntries(entries);
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The value of a JSON text; the text itself where it is none, or holds what would be changed or lost by reading it. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string' || !/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return membersIn(value, DEEPEST) === membersOf(text) ? value : text;
  } catch {
    return text;
  }
}

/** As deep as a message may be (codec/json.ts). */
const DEEPEST = 64;

/** Members of all objects as they are written: `JSON.parse` keeps one of two with the same key. */
function membersOf(json: string): number {
  return json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, '').split(':').length - 1;
}

/** Members of all objects that were read; NaN where something in them is no text, number or depth that a store can hold. */
function membersIn(value: unknown, depth: number): number {
  if (typeof value === 'string') return isKept(value) ? 0 : Number.NaN;
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? 0 : Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) return Number.NaN;
  const own = Array.isArray(value) ? 0 : 1;
  return Object.entries(value).reduce(
    (sum, [name, child]) => sum + own + membersIn(name, depth) + membersIn(child, depth - 1),
    0,
  );
}

const isKept = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
