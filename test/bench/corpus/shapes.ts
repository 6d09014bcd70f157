/** What a payload has beside what all have. */
export type Feature =
  | 'stream'
  | 'trace'
  | 'session'
  | 'claude'
  | 'cache'
  | 'tags'
  | 'hidden'
  | 'guardrail'
  | 'parameters'
  | 'person'
  | 'address'
  | 'failure'
  | 'tool';

export type Shape = ReadonlySet<Feature>;

/** The most frequent first. Each has keys of its own, in an order of its own. */
const NAMED: readonly (readonly Feature[])[] = [
  ['stream', 'claude', 'cache', 'person'],
  ['person', 'hidden', 'parameters'],
  ['parameters', 'tags'],
  ['stream', 'person', 'session', 'parameters'],
  ['tool', 'person', 'session'],
  ['stream', 'cache', 'parameters', 'trace'],
  ['person', 'address', 'parameters', 'tags'],
  ['guardrail', 'person', 'parameters'],
  ['stream', 'claude', 'person', 'address', 'cache'],
  ['hidden', 'trace', 'parameters'],
  ['failure', 'person'],
  ['stream', 'parameters', 'session', 'tags'],
  ['tool', 'claude', 'person'],
  ['cache', 'person', 'trace'],
  ['stream', 'guardrail', 'person', 'address'],
  ['failure', 'parameters', 'tags'],
  ['session', 'hidden', 'person', 'tags'],
  ['stream', 'hidden', 'cache'],
  ['guardrail', 'tags', 'session'],
  ['tool', 'trace'],
  ['address', 'person', 'session', 'cache'],
  ['stream', 'trace', 'person', 'tags', 'hidden'],
  ['failure', 'stream', 'claude', 'person', 'address'],
  ['address', 'person', 'guardrail', 'hidden'],
];

export const SHAPES: readonly Shape[] = NAMED.map((features) => new Set(features));
