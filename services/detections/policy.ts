import { z } from 'zod';

/** Names with `*` for any run of characters: `claude-*`. */
const patterns = z.array(z.string().min(1).max(200)).min(1);

/** The `policy` part of the configuration: what findings are measured against. What is left out is not looked at. */
export const policyConfig = z.strictObject({
  /** Models that may be used. */
  models: patterns.optional(),
  /** MCP servers that may be used. */
  mcp_servers: patterns.optional(),
  /** Oldest a key may become before it is replaced. */
  key_days: z.number().int().min(1).max(3_650).default(90),
  /** How long a client may keep transcripts on a person's machine, in days. */
  transcript_days: z
    .strictObject({ at_least: z.number().int().min(0).default(0), at_most: z.number().int().min(0) })
    .optional(),
  /** Providers that have confirmed in writing to keep nothing of what they are sent. */
  zero_data_retention: z.array(z.strictObject({ provider: z.string().min(1), confirmed_on: z.iso.date() })).optional(),
  /** Where calls of a raw topic may be served, by the region events name. */
  regions: z.array(z.strictObject({ topic: z.string().min(1), allowed: patterns })).default([]),
  /** How long the review of an output that holds PHI may take. */
  review_days: z.number().int().min(1).max(365).default(7),
});

export type Policy = z.output<typeof policyConfig>;

/** A list of patterns as one expression of RE2, which takes no backslash before what is not ASCII; letters of either case. */
export function anyOf(given: readonly string[]): string {
  const literal = (text: string) => text.replace(/[^A-Za-z0-9\u0080-\uffff]/g, '\\$&');
  return `(?i)^(?:${given.map((pattern) => pattern.split('*').map(literal).join('.*')).join('|')})$`;
}
