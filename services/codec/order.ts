import { Writer } from './writer.ts';

type TextMap = Readonly<Record<string, string>>;

/** The order that a map is encoded in, so that a leaf can be reproduced from any store. */
export interface Order {
  readonly names: readonly string[];
  /** The names as Avro writes them. */
  readonly written: readonly Uint8Array[];
}

/** Names as they stood in a map, one step each, and the order they are put in. */
interface Step {
  readonly next: Map<string, Step>;
  /** Of the map that ends here. */
  order: Order | undefined;
}

/** Steps that are remembered; with more, all maps are put in order anew. */
const REMEMBERED = 20_000;

let root: Step = { next: new Map(), order: undefined };
let steps = 0;

/**
 * Performance: the maps of a source have few sets of names, and the order of each is looked up, with its names as they are
 * written. To sort them took a tenth of what is left when an event is masked, and a map in its order as much again.
 */
export function orderOf(map: TextMap): Order {
  let step = root;
  for (const name in map) step = step.next.get(name) ?? stepTo(step, name);
  step.order ??= ordered(Object.keys(inOrder(map)));
  return step.order;
}

/** The map that is encoded in its order by whoever knows none: names that are whole numbers stand first in any object. */
export function inOrder(map: TextMap): TextMap {
  const names = Object.keys(map).sort();
  return Object.fromEntries(names.map((name) => [name, map[name] ?? '']));
}

const writer = new Writer();

function ordered(names: readonly string[]): Order {
  const written = names.map((name) => {
    writer.begin();
    writer.text(name);
    return writer.view(0);
  });
  return { names, written };
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
