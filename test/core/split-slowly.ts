import type { Leaves, Split } from '../../services/core/leaves.ts';

type Fate = 'column' | 'safe' | 'personal' | 'content';

interface Rule {
  readonly steps: readonly string[];
  readonly fate: Fate;
}

/** The twin of `split`, where nothing is taken: for each value all paths are asked, and nothing is remembered. */
export function splitSlowly(message: unknown, leaves: Leaves): Split {
  const rules = [
    ...leaves.columns.map((path): Rule => ({ steps: stepsOf(path), fate: 'column' })),
    ...leaves.safe.map((path): Rule => ({ steps: stepsOf(path), fate: 'safe' })),
    ...(leaves.personal ?? []).map((path): Rule => ({ steps: stepsOf(path), fate: 'personal' })),
  ];
  const target = { attributes: {}, personal_attributes: {} };
  const content = left(message, rules, 'content', [], target);
  return { ...target, content };
}

const stepsOf = (path: string): readonly string[] =>
  [...path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

type Target = Record<'attributes' | 'personal_attributes', Record<string, string>>;

/** `rules` are those whose steps lead here, without these steps. */
function left(value: unknown, rules: readonly Rule[], above: Fate, path: readonly string[], target: Target): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  const below = rules.findLast(({ steps }) => steps[0] === '**')?.fate ?? above;
  const own = rules.findLast(({ steps }) => steps.length === 0)?.fate;
  const leadOn = rules.some(({ steps }) => steps.length > 0 && steps[0] !== '**');
  if (typeof value === 'object' && own === undefined && (leadOn || below !== 'content')) {
    const parts = Object.entries(value).flatMap(([name, child]) => {
      const rest = left(child, next(rules, name), below, [...path, name], target);
      return rest === undefined ? [] : [[name, rest] as const];
    });
    if (parts.length === 0) return undefined;
    return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  }
  if (typeof value === 'object' && Object.keys(value).length === 0) return undefined;
  const fate = own ?? below;
  if (fate === 'content') return value;
  if (fate !== 'column') put(target[fate === 'safe' ? 'attributes' : 'personal_attributes'], path.join('.'), value);
  return undefined;
}

/** A name that is spelt out goes before any name. */
function next(rules: readonly Rule[], name: string): readonly Rule[] {
  const isSpelt = rules.some(({ steps }) => steps[0] === name);
  const step = isSpelt ? name : '*';
  return rules.flatMap(({ steps: [first, ...rest], fate }) => (first === step ? [{ steps: rest, fate }] : []));
}

function put(target: Record<string, string>, name: string, value: unknown): void {
  let free = name;
  for (let number = 2; Object.hasOwn(target, free); number++) free = `${name}#${number}`;
  target[free] = typeof value === 'string' ? value : JSON.stringify(value);
}
