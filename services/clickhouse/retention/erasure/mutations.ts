import type { Writer } from '../../client.ts';
import { quote } from '../../sql.ts';

/** A mutation looks its values up while it runs: what it looks them up in must stay until it has ended. */
export class StillMutating extends Error {
  override readonly name = 'StillMutating';
}

/**
 * Empties a table that mutations of others look values up in. Throws where one of them is under way still: of a process that died, the
 * store goes on with what it was told.
 */
export async function emptied(writer: Writer, lookup: string, tables: readonly string[]): Promise<void> {
  const [row] = await writer.rows(
    `SELECT count() AS n FROM system.mutations
     WHERE database = 'audit' AND table IN (${tables.map(quote).join(', ')}) AND NOT is_done AND command LIKE {lookup:String}`,
    { lookup: `%audit.${lookup}%` },
  );
  if (Number(row?.n) > 0) throw new StillMutating(`a mutation that reads audit.${lookup} is under way`);
  await writer.run(`TRUNCATE TABLE audit.${lookup}`);
}
