import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { directoryJson, keysCsv } from './directory.ts';
import { demoOperators } from './operators.ts';
import { APPROVED_SERVERS, TRANSCRIPT_POLICY_DAYS, ZERO_RETENTION } from './script.ts';

/** Since when the providers of the demo keep nothing. */
const CONFIRMED_ON = '2026-01-01';

/** The configuration of Alderbrook, with its directory written below the data directory. `day` is its midnight UTC. */
export async function site(config: Config, day: number): Promise<Config> {
  const folder = join(config.data, 'directory');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [people, keys] = [join(folder, 'people.json'), join(folder, 'keys.csv')];
  await writeFile(people, directoryJson(), { mode: 0o600 });
  await writeFile(keys, keysCsv(day), { mode: 0o600 });
  return {
    ...config,
    log_level: 'warn',
    operators: { ...(await demoOperators(config.data)) },
    identity: { ...config.identity, directory: [people, keys] },
    retention: {
      ...config.retention,
      default: ['soc2'],
      audit_window_days: 90,
      audit_lag_days: 0,
      rules: [
        { when: { team: 'clinical' }, keep: ['soc2', 'hipaa'] },
        { when: { data_class: 'phi' }, keep: ['soc2', 'hipaa'] },
      ],
    },
    policy: {
      ...config.policy,
      models: ['claude-*'],
      mcp_servers: [...APPROVED_SERVERS],
      transcript_days: { at_least: 0, at_most: TRANSCRIPT_POLICY_DAYS },
      zero_data_retention: ZERO_RETENTION.map((provider) => ({ provider, confirmed_on: CONFIRMED_ON })),
      review_days: 1,
    },
  };
}
