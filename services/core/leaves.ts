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
 * Splits a message into attributes and content, leaving out what columns hold. Null, '', [] and {} say nothing and are
 * dropped. An array or object under one safe path stays together as one JSON attribute.
 */
export function split(message: unknown, leaves: Leaves): Split {
  const attributes: Record<string, string> = {};
  const personal_attributes: Record<string, string> = {};
  const content = walk(message, compiled(leaves), 'content', [], (fate, path, value) => {
    const target = fate === 'safe' ? attributes : personal_attributes;
    target[unused(path.join('.'), target)] = typeof value === 'string' ? value : JSON.stringify(value);
  });
  return { attributes, personal_attributes, content };
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
}

const cache = new WeakMap<Leaves, Step>();

function compiled(leaves: Leaves): Step {
  const known = cache.get(leaves);
  if (known !== undefined) return known;
  const root: Step = { steps: new Map() };
  for (const path of leaves.columns) plant(root, path, 'column');
  for (const path of leaves.safe) plant(root, path, 'safe');
  for (const path of leaves.personal ?? []) plant(root, path, 'personal');
  cache.set(leaves, root);
  return root;
}

function plant(root: Step, path: string, fate: Fate): void {
  let step = root;
  for (const name of splitPath(path)) {
    if (name === '**') {
      step.below = fate;
      return;
    }
    const next = step.steps.get(name) ?? { steps: new Map() };
    step.steps.set(name, next);
    step = next;
  }
  step.fate = fate;
}

/** `attributes.[session.id]` keeps a dotted key as one step. */
function splitPath(path: string): string[] {
  return [...path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function walk(
  value: unknown,
  step: Step | undefined,
  inherited: Fate,
  path: readonly string[],
  take: (fate: 'safe' | 'personal', path: readonly string[], value: unknown) => void,
): unknown {
  if (saysNothing(value)) return undefined;
  const below = step?.below ?? inherited;
  const divides = step?.fate === undefined && ((step !== undefined && step.steps.size > 0) || below !== 'content');
  if (typeof value === 'object' && value !== null && divides) {
    const entries: [string, unknown][] = [];
    for (const [name, child] of Object.entries(value)) {
      const rest = walk(child, step?.steps.get(name) ?? step?.steps.get('*'), below, [...path, name], take);
      if (rest !== undefined) entries.push([name, rest]);
    }
    if (entries.length === 0) return undefined;
    return Array.isArray(value) ? entries.map(([, rest]) => rest) : Object.fromEntries(entries);
  }
  const fate = step?.fate ?? below;
  if (fate === 'content') return value;
  if (fate !== 'column') take(fate, path, value);
  return undefined;
}

function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
