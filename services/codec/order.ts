import { Writer } from './writer.ts';

type TextMap = Readonly<Record<string, string>>;

/** The order that a map is encoded in, so that a leaf can be reproduced from any store. */
export interface Order {
  readonly names: readonly string[];
  /** The names as Avro writes them. */
  readonly written: readonly Uint8Array[];
}

interface Name {
  /** Sets of names are found by the sum of these; two sets with one sum are told apart by their names. */
  readonly number: number;
  readonly written: Uint8Array;
}

/** Names and sets of names that are remembered; with more of either, all are learned anew. */
const REMEMBERED = 20_000;

const names = new Map<string, Name>();
const orders = new Map<number, Order>();

/**
 * Performance: the maps of a source have few sets of names, and the order of each is looked up, with its names as they are
 * written. To sort them took a tenth of what is left when an event is masked, and a map in its order as much again.
 */
export function orderOf(map: TextMap): Order {
  let [sum, count] = [0, 0];
  for (const name in map) {
    sum = (sum + (names.get(name) ?? learn(name)).number) | 0;
    count++;
  }
  const known = orders.get(sum);
  if (known !== undefined && known.names.length === count && holdsAll(map, known.names)) return known;
  const order = ordered(map);
  if (orders.size >= REMEMBERED) orders.clear();
  orders.set(sum, order);
  return order;
}

/** A map with its names in the order; those that are whole numbers stand first in any object. */
export function inOrder(map: TextMap): TextMap {
  const sorted = Object.keys(map).sort();
  return Object.fromEntries(sorted.map((name) => [name, map[name] ?? '']));
}

function holdsAll(map: TextMap, all: readonly string[]): boolean {
  // What every object inherits is no text.
  for (let index = 0; index < all.length; index++) if (typeof map[all[index] ?? ''] !== 'string') return false;
  return true;
}

function ordered(map: TextMap): Order {
  const sorted = Object.keys(inOrder(map));
  return { names: sorted, written: sorted.map((name) => (names.get(name) ?? learn(name)).written) };
}

const writer = new Writer();
let learned = 0;

/** MurmurHash3's last step: of numbers in a row the sums of few would be alike. */
function mixed(number: number): number {
  const once = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return twice ^ (twice >>> 16);
}

function learn(name: string): Name {
  writer.begin();
  writer.text(name);
  const made = { number: mixed(++learned), written: Buffer.from(writer.view(0)) };
  if (names.size >= REMEMBERED) {
    names.clear();
    orders.clear();
  }
  names.set(name, made);
  return made;
}
