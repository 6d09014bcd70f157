import { open, rm } from 'node:fs/promises';
import type { ReadLimits } from '../../clickhouse/client.ts';
import { scopeParams } from '../../clickhouse/evidence.ts';
import type { Streams } from '../../clickhouse/streams.ts';
import { newest } from '../../codec/schemas.ts';
import { type Request, scopeOf } from '../../evidence/request.ts';

export const WHOLE: ReadLimits = {
  seconds: 3_600,
  memoryBytes: 2 * 1024 ** 3,
  rows: 100_000_000,
  bytes: 64 * 1024 ** 3,
};

const schema: { readonly fields: readonly { readonly name: string; readonly part: string }[] } = JSON.parse(
  newest('audit-event').json,
);
const PERSONAL = schema.fields.filter(({ part }) => part === 'personal').map(({ name }) => name);

/**
 * The events of the window as `<bundle>.parquet`, written by the engine. It stands beside the bundle: the engine's version is in its
 * bytes, and nothing signs it. Masked, it leaves out the personal columns.
 */
export async function writeParquet(out: string, request: Request, streams: Streams): Promise<void> {
  const { from, to, profile } = request;
  const scope = scopeOf(request.scope);
  const columns = profile === 'full' ? '*' : `* EXCEPT (${PERSONAL.join(', ')})`;
  const fits = Object.keys(scope).map((column) => ` AND ${column} = {scope_${column}:String}`);
  const sql = `SELECT ${columns} FROM audit.trail
WHERE occurred_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND occurred_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')${fits.join('')}`;
  const params = { from, to, ...scopeParams({ scope }) };
  const file = await open(`${out}.parquet`, 'wx', 0o600);
  try {
    const ask = { sql, params, format: 'Parquet', settings: {}, streams: false, revision: 0 };
    for await (const { bytes } of streams.ask(ask, new AbortController().signal)) await file.write(bytes);
    await file.sync();
  } catch (error) {
    await rm(`${out}.parquet`, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
