import { nearest } from './near.ts';
import { fieldOf, isObject } from './object.ts';
import { event, groups, guardrail } from './schema.ts';

/** A field that is likely meant to be another one. */
export interface Stray {
  readonly path: readonly string[];
  readonly message: string;
}

/** What others call the actor: taken for content, they would leave an event without one. */
const ACTORS: readonly string[] = ['user', 'user_id', 'user_email', 'username', 'email', 'principal', 'identity'];

const TOP = [...Object.keys(event.shape), 'events'];
const GROUPS = Object.entries(groups).map(([name, { shape }]) => ({ name, path: [name], known: Object.keys(shape) }));
const GUARDRAIL = Object.keys(guardrail.shape);

/** Who acted must not hinge on a spelling: nothing else may stand there. */
const CLOSED: readonly string[] = ['actor', 'agent'];

/**
 * Finds fields that look like a slip of the pen. Fields nobody knows are welcome, as content; a known one misspelt would
 * become content too, and the event would silently lack what the sender wanted to say.
 */
export function strayIn(message: object): Stray | undefined {
  for (const name of foreign(message, TOP)) {
    if (ACTORS.includes(name)) return { path: [name], message: 'is no field here; did you mean actor?' };
    const meant = slipOf(name, TOP);
    if (meant !== undefined) return stray([], meant);
  }
  for (const { name, path, known } of GROUPS) {
    const found = strayInGroup(fieldOf(message, name), path, known);
    if (found !== undefined) return found;
  }
  const guardrails = fieldOf(message, 'guardrails');
  if (!Array.isArray(guardrails)) return undefined;
  return guardrails
    .map((item, index) => strayInGroup(item, ['guardrails', String(index)], GUARDRAIL))
    .find((found) => found !== undefined);
}

function strayInGroup(group: unknown, path: readonly string[], known: readonly string[]): Stray | undefined {
  if (!isObject(group)) return undefined;
  for (const name of foreign(group, known)) {
    const meant = slipOf(name, known);
    if (meant !== undefined) return stray(path, meant);
    if (CLOSED.includes(path.join('.'))) return { path, message: `holds a field that is none of ${known.join(', ')}` };
  }
  return undefined;
}

/** The stray's own name is the sender's words and stays out of the message. */
function stray(path: readonly string[], meant: string): Stray {
  return { path, message: `holds a field that is not known; did you mean ${meant}?` };
}

/** Short names are near to everything: up to three letters only the spelling may differ, up to seven one letter too. */
function slipOf(name: string, known: readonly string[]): string | undefined {
  const [meant] = nearest(name, known, name.length < 4 ? 0 : name.length < 8 ? 1 : 2);
  return meant;
}

/** A bound on how long one message can keep the reader: comparing words costs more than reading them. */
const LOOKED_AT = 200;

function foreign(object: object, known: readonly string[]): readonly string[] {
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .slice(0, LOOKED_AT);
}
