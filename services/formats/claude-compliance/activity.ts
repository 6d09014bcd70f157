import { z } from 'zod';
import { unchanged } from '../whole.ts';

const text = z.string().nullish();

/**
 * One entry of the feed. Only what is read here is checked; the catalogue is open, so types, actors and fields that the
 * documentation does not list pass. Its reference marks `id` and `created_at` as optional.
 */
const activity = z.looseObject({
  type: z.string().min(1),
  id: text,
  created_at: z.iso.datetime({ offset: true }).nullish(),
  organization_id: text,
  organization_uuid: text,
  actor: z.looseObject({ type: text, ip_address: text, user_agent: text }).nullish(),
  session_id: text,
  request_id: text,
  mcp_server_name: text,
  tool_name: text,
});

const page = z.looseObject({ data: z.array(activity), has_more: z.boolean().nullish() });

export type Activity = z.output<typeof activity>;
export type Actor = NonNullable<Activity['actor']>;
export type Page = z.output<typeof page>;

/** An entry, or the page of entries that the API answers with. */
export const message = unchanged<Activity | Page>((candidate) => (isPage(candidate) ? page : activity));

export function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}

/** A field as text; undefined when it is missing, empty or of another kind. */
export function textOf(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
