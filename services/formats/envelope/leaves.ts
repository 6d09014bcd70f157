import type { Leaves } from '../../core/leaves.ts';
import { event, groups, guardrail } from './schema.ts';

/** A column cannot always hold these: an offset, nanoseconds, trace flags, fractions of a micro-dollar. */
const INEXACT: readonly string[] = ['time', 'traceparent', 'cost_usd'];
const OPEN: readonly string[] = ['attributes', 'content', 'guardrails', ...Object.keys(groups)];

const below = (group: string, fields: readonly string[]) => fields.map((field) => `${group}.${field}`);

/**
 * Every field of the envelope has its column, but for the subject of an act, which attributes tell of. What the sender puts into
 * `attributes` is safe by their word.
 */
export const leaves: Leaves = {
  columns: [
    ...Object.keys(event.shape).filter((name) => !OPEN.includes(name) && !INEXACT.includes(name)),
    ...Object.entries(groups)
      .filter(([name]) => name !== 'subject')
      .flatMap(([name, { shape }]) => Object.keys(shape).map((below) => `${name}.${below}`)),
    ...Object.keys(guardrail.shape).map((name) => `guardrails.*.${name}`),
  ],
  safe: [...INEXACT, 'attributes.*', ...below('subject', ['kind', 'team', 'project', 'organisation'])],
  personal: below('subject', ['id', 'email', 'name', 'claim']),
};
