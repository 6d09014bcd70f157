type Attributes = Readonly<Record<string, string>>;

/** Names as they stood in a map, one step each, and the order they were put in. */
interface Step {
  readonly next: Map<string, Step>;
  /** Of the map that ends here. */
  order: readonly string[] | undefined;
}

/** Steps that are remembered; with more, all maps are put in order anew. */
const REMEMBERED = 20_000;

let root: Step = { next: new Map(), order: undefined };
let steps = 0;

/**
 * A map with its names in order, which it is encoded in, so that a leaf can be reproduced from any store.
 *
 * Performance: the maps of a source have few sets of names, and the order of each is looked up. To sort them took a tenth of
 * what is left when an event is masked.
 */
export function inOrder(map: Attributes): Attributes {
  let step = root;
  for (const name in map) step = step.next.get(name) ?? stepTo(step, name);
  step.order ??= Object.keys(map).sort();
  // Assigned, it would be the object's prototype and not a member.
  if (step.order.includes('__proto__')) return Object.fromEntries(step.order.map((name) => [name, map[name] ?? '']));
  const ordered: Record<string, string> = {};
  for (const name of step.order) ordered[name] = map[name] ?? '';
  return ordered;
}

function stepTo(from: Step, name: string): Step {
  const made: Step = { next: new Map(), order: undefined };
  if (steps >= REMEMBERED) {
    // The walk goes on in the old steps, which nobody finds again.
    root = { next: new Map(), order: undefined };
    steps = 0;
  }
  from.next.set(name, made);
  steps++;
  return made;
}
