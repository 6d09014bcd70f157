/** A tree of the leaves of a message that columns hold exactly as they came; a leaf has nothing below it. */
export type Taken = ReadonlyMap<string, Taken>;

/** A message without what is taken of it. The step into a list is an index. */
export function without(value: unknown, taken: Taken): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
    const below = taken.get(name);
    if (below === undefined) return [[name, child]];
    return below.size === 0 ? [] : [[name, without(child, below)]];
  });
  return Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
}
