import type { z } from 'zod';
import type { Draft } from './event.ts';
import { type Leaves, split } from './leaves.ts';
import type { Taken } from './taken.ts';

/** `text`: UTF-8, handed over as one string. */
export type Encoding = 'json' | 'text' | 'otlp_json' | 'otlp_proto';

/** What became of one message. Nothing vanishes: every message ends as one of these. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly drafts: readonly Draft[] }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string };

export interface Format {
  readonly name: string;
  readonly encodings: readonly Encoding[];
  /** Chooses among the formats a topic binding allows; says nothing about trust. */
  detect(message: unknown): boolean;
  /** Pure: no clock, no network, no logger. */
  read(message: unknown): Verdict;
}

/** What a mapping returns: the columns of an event. Attributes and content are split off by `defineFormat`. */
export type Mapped = Omit<Draft, 'attributes' | 'content'>;

/** One event of a message: its columns, and the part of the message they were read from. */
export interface Part {
  readonly columns: Mapped;
  readonly from: unknown;
  /** What columns hold of `from` this time. */
  readonly taken?: Taken | undefined;
}

/**
 * Pairs a schema with a mapping and hides their types, so that formats fit in one list.
 *
 * No leaf of the input is lost: what `leaves.columns` names is in a column, exactly as it came; what `leaves.safe`
 * names becomes an attribute; everything else is content.
 */
export function defineFormat<S extends z.ZodType>(spec: {
  readonly name: string;
  readonly encodings: readonly Encoding[];
  readonly leaves: Leaves;
  detect(message: unknown): boolean;
  readonly schema: S;
  /**
   * Performance: whether a message is what `schema` gives back for it unchanged, told without zod, which took a tenth of an
   * event's time. Of false `schema` judges, and says why; it is the twin in the test.
   */
  isSurely?(message: unknown): message is z.output<S>;
  /** One part per event, or the reason why the message holds none. */
  map(message: z.output<S>): readonly Part[] | { readonly skip: string };
}): Format {
  return {
    name: spec.name,
    encodings: spec.encodings,
    detect: spec.detect,
    read(message) {
      if (spec.isSurely?.(message) === true) return drafted(spec.map(message), spec.leaves);
      const parsed = spec.schema.safeParse(message);
      if (!parsed.success) return { kind: 'rejected', reason: explain(parsed.error) };
      return drafted(spec.map(parsed.data), spec.leaves);
    },
  };
}

function drafted(result: readonly Part[] | { readonly skip: string }, leaves: Leaves): Verdict {
  if ('skip' in result) return { kind: 'skipped', reason: result.skip };
  return { kind: 'accepted', drafts: result.map((part) => draftOf(part, leaves)) };
}

/** Performance: one object is spread; of two the second is added member by member. */
function draftOf({ columns, from, taken }: Part, leaves: Leaves): Draft {
  const { attributes, personal_attributes, content } = split(from, leaves, taken);
  return { ...columns, attributes, personal_attributes, content };
}

/** Keys that may be shown; others could be a person's words, or a secret. */
const PLAIN = /^[\w.:/-]{1,64}$/;

/** A key of a message as a reason may name it. */
export function shownKey(key: PropertyKey): string {
  const name = String(key);
  return PLAIN.test(name) ? name : `(key of ${name.length} characters)`;
}

/** As many steps as fit: half of a key could be half of a credential, which nothing would know for one. */
function within(steps: readonly string[], most: number): string {
  const cut = steps.findIndex((_, index) => steps.slice(0, index + 1).join('.').length > most);
  return (cut === -1 ? steps : steps.slice(0, cut)).join('.');
}

/** The first issue's place and what is wrong there; zod's messages quote no values. */
function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'message: does not fit the format';
  const place = within(issue.path.map(shownKey), 200);
  return `${place === '' ? 'message' : place}: ${issue.message.slice(0, 300)}`;
}
