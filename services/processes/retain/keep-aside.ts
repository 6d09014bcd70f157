import { copyRows } from '../../clickhouse/retention/aside.ts';
import { keepers, type Reasons } from '../../clickhouse/retention/keep.ts';
import type { Way } from '../../clickhouse/retention/shelves.ts';
import type { RetainParts } from './parts.ts';

/** Rows that are kept beyond their deadline are copied to where they are kept. Times are microseconds since 1970. */
export async function keepAside(
  shelf: Way,
  from: string,
  kept: Reasons,
  times: { readonly now: number; readonly by: number },
  { clickhouse: { writer } }: Pick<RetainParts, 'clickhouse'>,
): Promise<void> {
  const { shelving } = shelf;
  if (shelving.held === undefined) return;
  const chosen = await keepers(writer, shelving, from, shelf, kept, times);
  await copyRows(writer, shelving, shelf, { from, to: shelving.held }, chosen);
}
