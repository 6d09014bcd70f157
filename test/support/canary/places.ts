import type { Draft } from '../../../services/core/event.ts';
import type { Format } from '../../../services/core/format.ts';
import type { Reach } from '../canaries.ts';
import { decoded } from '../goldens.ts';
import { altered } from '../hostile/message.ts';

/** A place in a message where a text can stand. */
export interface Place {
  /** Steps to it; of a line of text, its number among the values. */
  readonly path: readonly string[];
  readonly was: string;
  /** What a canary there must be looked for as: people's data are masked only where words stand. */
  readonly reach: Reach;
}

export interface Places {
  /** The format takes the message with any text here. */
  readonly free: readonly Place[];
  /** With a text here it ends in quarantine. */
  readonly strict: readonly Place[];
}

const PROBE = 'zq7probe';

/** Every text of a message, told apart by trying: the format says itself where it takes any. */
export function placesOf(format: Format, wire: unknown): Places {
  const [free, strict]: [Place[], Place[]] = [[], []];
  for (const { path, was } of textsIn(wire, [])) {
    const verdict = format.read(decoded(format, planted(wire, path, PROBE)));
    const reach = verdict.kind === 'accepted' ? reachOf(verdict.drafts, PROBE) : 'everywhere';
    if (verdict.kind === 'rejected') strict.push({ path, was, reach });
    else free.push({ path, was, reach });
  }
  return { free, strict };
}

const WORDS = new Set(['content', 'command', 'error_message']);
const COLUMNS = new Set(['target', 'file_paths', 'attributes', 'personal_attributes']);

/** Whom an act is about stands for a person as the actor's columns do: there an address or a number is an identity. */
const namesSubject = ({ personal_attributes }: Draft, text: string): boolean =>
  Object.entries(personal_attributes).some(([name, value]) => name.startsWith('subject.') && value.includes(text));

/** What is looked for in all the columns a text has come to stand in. */
export function reachOf(drafts: readonly Draft[], text: string): Reach {
  const landed = drafts
    .flatMap((draft) => Object.entries(draft))
    .filter(([, value]) => JSON.stringify(value)?.includes(text))
    .map(([column]) => column);
  if (landed.length === 0 || drafts.some((draft) => namesSubject(draft, text))) return 'everywhere';
  if (landed.every((column) => WORDS.has(column))) return 'words';
  return landed.every((column) => WORDS.has(column) || COLUMNS.has(column)) ? 'columns' : 'everywhere';
}

type Text = Pick<Place, 'path' | 'was'>;

function textsIn(value: unknown, path: readonly string[]): readonly Text[] {
  if (typeof value === 'string') return path.length === 0 ? pairsIn(value) : [{ path, was: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => textsIn(child, [...path, name]));
}

/** `name=value` of a line, as gateways write their access logs. */
const PAIR = /(?<= )([\w.]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)/g;

const pairsIn = (line: string): readonly Text[] =>
  [...line.matchAll(PAIR)].map(({ 2: was = '' }, index) => ({ path: [String(index)], was }));

/** The message with another text at a path. In a line of text values with blanks are quoted. */
export function planted(wire: unknown, path: readonly string[], text: string): unknown {
  if (typeof wire !== 'string') return altered(wire, path, text);
  let index = 0;
  return wire.replace(PAIR, (pair, name) =>
    String(index++) === path[0] ? `${name}=${/^[^\s"\\=]+$/.test(text) ? text : JSON.stringify(text)}` : pair,
  );
}

/** Paths of the objects in a message, its own first. */
export function objectsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, child]) => objectsIn(child, [...path, name]));
  return Array.isArray(value) ? below : [path, ...below];
}
