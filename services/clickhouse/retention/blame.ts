import type { Store } from '../../core/store.ts';
import { ClickHouseFailure, describeFailure } from '../failure.ts';
import { AT_MOST } from './aside.ts';
import { conditionSql, type PlacedHold } from './holds.ts';
import { candidates } from './keep.ts';
import { bindPart, type Place, type Shelving } from './tables.ts';

/** The condition of a hold fails on a row, or costs too much: what it keeps of a partition is not known, and the partition stays. */
export class HoldFails extends Error {
  override readonly name = 'HoldFails';
  readonly hold: string;
  readonly operator: string;

  constructor({ hold, placed_by }: Pick<PlacedHold, 'hold' | 'placed_by'>, reason: string) {
    super(
      `hold ${hold} of operator ${placed_by} cannot be asked of every row (${reason}): ` +
        'place one with a condition that no row breaks, and have this one lifted',
    );
    this.hold = hold;
    this.operator = placed_by;
  }
}

/**
 * What the engine's refusal to ask for all holds at once comes from: each is asked by itself. The answer quotes no row. A failure that
 * no single hold explains is handed back.
 */
export async function blamed(
  error: unknown,
  store: Store,
  { shelving, from, place }: { readonly shelving: Shelving; readonly from: string; readonly place: Place },
  by: number,
  holds: readonly PlacedHold[],
): Promise<unknown> {
  if (!(error instanceof ClickHouseFailure) || error.code === undefined) return error;
  for (const hold of holds) {
    const condition = await conditionSql(store, hold);
    const sql = `SELECT count() FROM ${candidates(shelving, from)} AS trail WHERE ${condition}${AT_MOST}`;
    try {
      await store.rows(sql, { ...bindPart(place), by });
    } catch (failed) {
      if (!(failed instanceof ClickHouseFailure) || failed.code === undefined) return failed;
      return new HoldFails(hold, describeFailure(failed));
    }
  }
  return error;
}
