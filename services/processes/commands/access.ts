import { accessStatements } from '../../clickhouse/access.ts';
import { readConfig } from '../config.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';

/** `trailhouse setup --access-sql`: SQL for whoever manages the accounts of a ClickHouse server. */
export async function accessSql(globals: Globals): Promise<number> {
  const { clickhouse } = readConfig(globals.config, process.env);
  if (clickhouse.driver !== 'server')
    throw new Failure('clickhouse.driver is embedded: it has no accounts; name a server in --config', EXIT.usage);
  process.stdout.write(`${accessStatements(clickhouse.username).join(';\n')};\n`);
  return EXIT.ok;
}
