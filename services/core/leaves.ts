import { type Taken, without } from './taken.ts';

/**
 * Which leaves of a message go where. Paths are dotted; `*` stands for one step, a closing `**` for all below.
 * An array step is its index, so a path into an array uses `*`.
 */
export interface Leaves {
  /** Leaves a column holds, exactly as they came. */
  readonly columns: readonly string[];
  /** Leaves that may be read by everyone who reads events: no free text, nothing personal. */
  readonly safe: readonly string[];
  /** Leaves that name a person or a place but are no free text: they go to the personal part. */
  readonly personal?: readonly string[];
}

export interface Split {
  readonly attributes: Readonly<Record<string, string>>;
  readonly personal_attributes: Readonly<Record<string, string>>;
  /** What is left, in the shape it came in; undefined when nothing is. */
  readonly content: unknown;
}

type Fate = 'column' | 'safe' | 'personal' | 'content';

/**
 * Splits a message into attributes and content, leaving out what columns hold: leaves that are named so, and those that are
 * `taken` of this one. Null, '', [] and {} say nothing and are dropped. An array or object under one safe path stays
 * together as one JSON attribute.
 */
export function split(message: unknown, leaves: Leaves, taken: Taken = NOTHING): Split {
  const attributes: Record<string, string> = {};
  const personal_attributes: Record<string, string> = {};
  const content = walk(message, top(leaves, taken), { attributes, personal_attributes });
  return { attributes, personal_attributes, content };
}

const NOTHING: Taken = new Map();

interface Walking {
  readonly attributes: Record<string, string>;
  readonly personal_attributes: Record<string, string>;
}

/** `a.b` and a key spelt "a.b" would share a name: the later one is numbered. */
function unused(name: string, target: Readonly<Record<string, string>>): string {
  let free = name;
  for (let number = 2; Object.hasOwn(target, free); number++) free = `${name}#${number}`;
  return free;
}

/** A tree of path steps, so that a message is walked once whatever the number of paths. */
interface Step {
  fate?: Fate;
  /** The fate of everything below. */
  below?: Fate;
  readonly steps: Map<string, Step>;
  /** Its path, dotted; undefined where a step of it is any. */
  readonly path: string | undefined;
}

const cache = new WeakMap<Leaves, Step>();

function compiled(leaves: Leaves): Step {
  const known = cache.get(leaves);
  if (known !== undefined) return known;
  const root: Step = { steps: new Map(), path: undefined };
  for (const path of leaves.columns) plant(root, path, 'column');
  for (const path of leaves.safe) plant(root, path, 'safe');
  for (const path of leaves.personal ?? []) plant(root, path, 'personal');
  cache.set(leaves, root);
  return root;
}

function plant(root: Step, path: string, fate: Fate): void {
  let step = root;
  const passed: string[] = [];
  for (const name of splitPath(path)) {
    if (name === '**') {
      step.below = fate;
      return;
    }
    passed.push(name);
    const path = passed.includes('*') ? undefined : passed.join('.');
    const next = step.steps.get(name) ?? { steps: new Map(), path };
    step.steps.set(name, next);
    step = next;
  }
  step.fate = fate;
}

/** `attributes.[session.id]` keeps a dotted key as one step. */
function splitPath(path: string): string[] {
  return [...path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/**
 * What becomes of a value at one place in messages of which the same is taken.
 *
 * Performance: told once and remembered, step by step. To ask of each member anew what is taken of it, which path it has and
 * what that path's fate is, and to make the tree of what is taken for each message (formats/takings.ts), was a tenth of what it
 * took to map and split a message.
 */
interface Place {
  readonly step: Step | undefined;
  /** The fate of the value where it is not divided. */
  readonly fate: Fate;
  /** The fate of what has no fate of its own below. */
  readonly below: Fate;
  /** Whether the parts of the value may have fates of their own. */
  readonly isDivided: boolean;
  /** Dotted; undefined for the message itself. */
  readonly path: string | undefined;
  readonly taken: Taken;
  /** Whether the whole value is taken. */
  readonly isTaken: boolean;
  readonly members: Map<string, Place>;
  readonly items: Place[];
}

/** Places that are remembered, with more all are told anew; and how many of one object or list. */
const REMEMBERED = 20_000;
const BESIDE = 500;

let tops = new WeakMap<Leaves, WeakMap<Taken, Place>>();
let places = 0;

function top(leaves: Leaves, taken: Taken): Place {
  const known = tops.get(leaves) ?? new WeakMap<Taken, Place>();
  const place = known.get(taken) ?? placeOf(compiled(leaves), 'content', undefined, taken);
  tops.set(leaves, known);
  known.set(taken, place);
  return place;
}

function placeOf(step: Step | undefined, inherited: Fate, path: string | undefined, taken: Taken): Place {
  if (++places > REMEMBERED) {
    // The walk goes on in the old ones, which nobody finds again.
    tops = new WeakMap();
    places = 0;
  }
  const below = step?.below ?? inherited;
  const isDivided = step?.fate === undefined && ((step !== undefined && step.steps.size > 0) || below !== 'content');
  const fate = step?.fate ?? below;
  return { step, fate, below, isDivided, path, taken, isTaken: false, members: new Map(), items: [] };
}

function memberOf(place: Place, name: string): Place {
  const { step, below, path, taken } = place;
  const next = step?.steps.get(name) ?? step?.steps.get('*');
  const left = taken.get(name);
  const member = placeOf(next, below, next?.path ?? joined(path, name), left ?? NOTHING);
  const known = left?.size === 0 ? { ...member, isTaken: true } : member;
  if (place.members.size < BESIDE) place.members.set(name, known);
  return known;
}

/** What is taken of a list is cut out before, for it moves the rest up. */
function itemOf(place: Place, index: number): Place {
  const { step, below, path } = place;
  const next = step?.steps.get(`${index}`) ?? step?.steps.get('*');
  const item = placeOf(next, below, joined(path, `${index}`), NOTHING);
  if (index < BESIDE) place.items[index] = item;
  return item;
}

/** What is left of a value. */
function walk(value: unknown, place: Place, walking: Walking): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  const { taken, fate } = place;
  if (place.isDivided && isContainer(value)) {
    if (!Array.isArray(value)) return members(value, place, walking);
    const list = taken.size === 0 ? value : without(value, taken);
    return Array.isArray(list) ? items(list, place, walking) : undefined;
  }
  const rest = taken.size === 0 ? value : without(value, taken);
  if (saysNothing(rest)) return undefined;
  if (fate === 'content') return rest;
  if (fate === 'column') return undefined;
  const target = fate === 'safe' ? walking.attributes : walking.personal_attributes;
  target[unused(place.path ?? '', target)] = typeof rest === 'string' ? rest : JSON.stringify(rest);
  return undefined;
}

const joined = (path: string | undefined, name: string): string => (path === undefined ? name : `${path}.${name}`);

function members(value: Readonly<Record<string, unknown>>, place: Place, walking: Walking): unknown {
  let kept: Record<string, unknown> | undefined;
  for (const name in value) {
    const member = place.members.get(name) ?? memberOf(place, name);
    if (member.isTaken) continue;
    const rest = walk(value[name], member, walking);
    if (rest === undefined) continue;
    kept ??= {};
    // Assigned, it would be the object's prototype and not a member.
    if (name === '__proto__') Object.defineProperty(kept, name, { ...MEMBER, value: rest });
    else kept[name] = rest;
  }
  return kept;
}

const MEMBER = { enumerable: true, configurable: true, writable: true };

function items(list: readonly unknown[], place: Place, walking: Walking): unknown {
  const kept: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    const rest = walk(list[index], place.items[index] ?? itemOf(place, index), walking);
    if (rest !== undefined) kept.push(rest);
  }
  return kept.length === 0 ? undefined : kept;
}

function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return isContainer(value) && isEmpty(value);
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
