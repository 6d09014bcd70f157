import { z } from 'zod';

/** The catalogue of the activity feed: for each type its fields, with their kinds as the documentation words them. */
export const catalogue = z.array(
  z.object({ type: z.string(), fields: z.record(z.string(), z.object({ spec: z.string() })) }),
);

export type ActivityType = z.output<typeof catalogue>[number];

/** An entry of this type with a value of the documented kind in every field. */
export function activityOf({ type, fields }: ActivityType): unknown {
  const own = Object.entries(fields).map(([name, { spec }]) => [name, exampleOf(name, spec)]);
  return {
    ...Object.fromEntries(own),
    type,
    id: `activity_${type}`,
    created_at: '2026-03-04T09:20:01Z',
    actor: {
      type: 'user_actor',
      email_address: 'ines.moro@harbour.example',
      user_id: 'user_1',
      ip_address: '198.51.100.24',
    },
  };
}

function exampleOf(name: string, spec: string): unknown {
  const kind = spec.replace(/^optional /, '');
  const [, word] = /^"([^"]*)"/.exec(kind) ?? [];
  if (word !== undefined) return word;
  if (kind.startsWith('string')) return name.endsWith('_at') ? '2026-03-04T09:20:00Z' : `${name} 1`;
  if (kind.startsWith('boolean')) return true;
  if (kind.startsWith('number')) return 3;
  if (kind.startsWith('array of ')) return [exampleOf(name, kind.slice('array of '.length))];
  if (kind.startsWith('map[')) return { one: exampleOf(name, kind.slice('map['.length)) };
  if (!kind.startsWith('object')) return `${name} 1`;
  const [, names = ''] = /^object \{ ([^}]*) \}/.exec(kind) ?? [];
  const known = names.split(', ').filter((field) => /^[a-z_]+$/.test(field));
  return Object.fromEntries(known.map((field) => [field, `${field} 1`]));
}
