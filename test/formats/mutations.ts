/** A message with one leaf changed or taken out. */
export interface Mutation {
  readonly what: string;
  readonly message: unknown;
}

type Path = readonly string[];

/** Every leaf that says something, changed to another value of its kind, and taken out. */
export function mutationsOf(message: unknown): readonly Mutation[] {
  return leavesOf(message, []).flatMap(({ path, value }) => [
    { what: `${path.join('.')} changed`, message: replaced(message, path, () => [changed(value)]) },
    { what: `${path.join('.')} left out`, message: replaced(message, path, () => []) },
  ]);
}

/** The message with one leaf after the other replaced by this text. */
export function* marking(message: unknown, text: string): Generator<unknown> {
  for (const { path } of leavesOf(message, [])) yield replaced(message, path, () => [text]);
}

export function textsOf(message: unknown): readonly string[] {
  return leavesOf(message, []).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}

function leavesOf(value: unknown, path: Path): readonly { readonly path: Path; readonly value: unknown }[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object') return [{ path, value }];
  return Object.entries(value).flatMap(([name, child]) => leavesOf(child, [...path, name]));
}

function changed(value: unknown): unknown {
  if (typeof value === 'string') return /^\d+$/.test(value) ? `${value}1` : `${value}x`;
  if (typeof value === 'number') return value + 1;
  return value !== true;
}

/** Puts what `put` returns in place of the value at the path: one value, or none. A message of text is one leaf. */
function replaced(value: unknown, [name, ...below]: Path, put: (old: unknown) => readonly unknown[]): unknown {
  if (name === undefined) return put(value)[0];
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    if (key !== name) return [[key, child]];
    if (below.length > 0) return [[key, replaced(child, below, put)]];
    return put(child).map((fresh) => [key, fresh]);
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}
