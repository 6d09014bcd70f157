import { z } from 'zod';
import { isObject } from '../../reading.ts';
import { unchanged } from '../../whole.ts';

/** What every row has. The rest grew over the years and may be missing, null or of another kind. */
const row = z.looseObject({ request_id: z.string().min(1), call_type: z.string() });

const batch = z.array(row);

export type Row = z.output<typeof row>;

export const message = unchanged<Row | Row[]>((candidate) => (Array.isArray(candidate) ? batch : row));

/** Columns that are never null in the table. A standard logging payload has an `id` instead, and no `spend`. */
export function isRow(candidate: unknown): boolean {
  if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse') || Object.hasOwn(candidate, 'id')) return false;
  const { request_id, call_type } = candidate;
  return (
    typeof request_id === 'string' && typeof call_type === 'string' && MARKS.every((n) => Object.hasOwn(candidate, n))
  );
}

const MARKS = ['spend', 'startTime'];
