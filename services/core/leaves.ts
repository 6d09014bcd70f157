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
  const walking = { attributes, personal_attributes };
  const content = walk(message, compiled(leaves), 'content', undefined, taken, walking);
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

/** What is left of a value; `path` is dotted, and undefined for the message itself. */
function walk(
  value: unknown,
  step: Step | undefined,
  inherited: Fate,
  path: string | undefined,
  taken: Taken,
  walking: Walking,
): unknown {
  if (saysNothing(value)) return undefined;
  const below = step?.below ?? inherited;
  if (isContainer(value) && divides(step, below)) {
    if (!Array.isArray(value)) return members(value, step, below, path, taken, walking);
    // What is taken of a list moves the rest up.
    const list = taken.size === 0 ? value : without(value, taken);
    return Array.isArray(list) ? items(list, step, below, path, walking) : undefined;
  }
  const rest = untouched(value, taken);
  if (rest === undefined) return undefined;
  const fate = step?.fate ?? below;
  if (fate === 'content') return rest;
  if (fate === 'column') return undefined;
  const target = fate === 'safe' ? walking.attributes : walking.personal_attributes;
  target[unused(path ?? '', target)] = typeof rest === 'string' ? rest : JSON.stringify(rest);
  return undefined;
}

/** A value that is not divided, without what is taken of it; undefined where that says nothing. */
function untouched(value: unknown, taken: Taken): unknown {
  const rest = taken.size === 0 ? value : without(value, taken);
  return saysNothing(rest) ? undefined : rest;
}

const joined = (path: string | undefined, name: string): string => (path === undefined ? name : `${path}.${name}`);

function members(
  value: Readonly<Record<string, unknown>>,
  step: Step | undefined,
  below: Fate,
  path: string | undefined,
  taken: Taken,
  walking: Walking,
): unknown {
  let kept: Record<string, unknown> | undefined;
  for (const name in value) {
    const left = taken.get(name) ?? NOTHING;
    if (left !== NOTHING && left.size === 0) continue;
    const next = step?.steps.get(name) ?? step?.steps.get('*');
    const rest =
      next === undefined && below === 'content'
        ? untouched(value[name], left)
        : walk(value[name], next, below, next?.path ?? joined(path, name), left, walking);
    if (rest === undefined) continue;
    kept ??= {};
    // Assigned, it would be the object's prototype and not a member.
    if (name === '__proto__') Object.defineProperty(kept, name, { ...MEMBER, value: rest });
    else kept[name] = rest;
  }
  return kept;
}

const MEMBER = { enumerable: true, configurable: true, writable: true };

function items(
  list: readonly unknown[],
  step: Step | undefined,
  below: Fate,
  path: string | undefined,
  walking: Walking,
): unknown {
  const kept: unknown[] = [];
  for (const [index, item] of list.entries()) {
    const next = step?.steps.get(`${index}`) ?? step?.steps.get('*');
    const rest = walk(item, next, below, joined(path, `${index}`), NOTHING, walking);
    if (rest !== undefined) kept.push(rest);
  }
  return kept.length === 0 ? undefined : kept;
}

/** Whether the parts of a value may have fates of their own. */
const divides = (step: Step | undefined, below: Fate): boolean =>
  step?.fate === undefined && ((step !== undefined && step.steps.size > 0) || below !== 'content');

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
