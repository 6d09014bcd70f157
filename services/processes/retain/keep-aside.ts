import { copyRows } from '../../clickhouse/retention/aside.ts';
import { blamed } from '../../clickhouse/retention/blame.ts';
import { type Chosen, keepers, type Reasons } from '../../clickhouse/retention/keep.ts';
import type { Way } from '../../clickhouse/retention/shelves.ts';
import type { RetainParts } from './parts.ts';

/** Rows that are kept beyond their deadline are copied to where they are kept. Times are microseconds since 1970. */
export async function keepAside(
  shelf: Way,
  from: string,
  kept: Reasons,
  times: { readonly now: number; readonly by: number },
  parts: Pick<RetainParts, 'clickhouse'>,
): Promise<void> {
  const { shelving } = shelf;
  const { held } = shelving;
  if (held === undefined) return;
  const { writer } = parts.clickhouse;
  await choosing(shelf, from, kept, times, parts, (chosen) =>
    copyRows(writer, shelving, shelf, { from, to: held }, chosen),
  );
}

/** Does something with the rows that are kept. Where a hold stands in the way of choosing them, it is named. */
export async function choosing<T>(
  shelf: Way,
  from: string,
  kept: Reasons,
  times: { readonly now: number; readonly by: number },
  { clickhouse: { writer } }: Pick<RetainParts, 'clickhouse'>,
  use: (chosen: Chosen | undefined) => Promise<T>,
): Promise<T> {
  const { shelving } = shelf;
  try {
    return await use(await keepers(writer, shelving, from, shelf, kept, times));
  } catch (error) {
    throw await blamed(error, writer, { shelving, from, place: shelf }, times.by, kept.holds);
  }
}
