import { z } from 'zod';
import { frameworks } from './controls/index.ts';
import { CannotBuild } from './refusal.ts';

/** Columns of the trail that a scope may narrow, by the word an operator writes. */
export const SCOPES = {
  team: 'actor_team',
  project: 'actor_project',
  organisation: 'actor_organisation',
  product: 'product',
  surface: 'surface',
} as const;

/** RFC 3339 in UTC, whole seconds: 2026-07-01T00:00:00Z. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

/** Who asked for what, why and when. It is part of the bundle: the same store, checkpoint and request make the same bytes. */
export const request = z.strictObject({
  framework: z.enum(frameworks.map(({ name }) => name)),
  /** Events that occurred from here on, and before `to`. */
  from: time,
  to: time,
  /** `team=clinical`; several joined by a comma, all of which must fit. Empty: everything. */
  scope: z
    .string()
    .regex(/^$|^[a-z]+=[^,=]+(,[a-z]+=[^,=]+)*$/, 'is written team=…, product=… and so on, joined by commas'),
  profile: z.enum(['masked', 'full']),
  purpose: z.string().min(1).max(1024),
  operator: z.string(),
  role: z.string(),
  asked_at: time,
});

export type Request = z.output<typeof request>;

/** The scope's conditions as columns and values. @throws CannotBuild naming an unknown word, or one that stands there twice. */
export function scopeOf(scope: string): Readonly<Record<string, string>> {
  const pairs = scope === '' ? [] : scope.split(',').map((pair) => pair.split('='));
  if (new Set(pairs.map(([word]) => word)).size < pairs.length) throw new CannotBuild('--scope: names a word twice');
  return Object.fromEntries(
    pairs.map(([word = '', value = '']) => {
      const column = isScope(word) ? SCOPES[word] : undefined;
      if (column === undefined) throw new CannotBuild(`--scope: ${word} is none of ${Object.keys(SCOPES).join(', ')}`);
      return [column, value];
    }),
  );
}

const isScope = (word: string): word is keyof typeof SCOPES => Object.hasOwn(SCOPES, word);
