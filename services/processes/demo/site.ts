import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { directoryJson, keysCsv } from './directory.ts';
import { demoOperators, tokenFile } from './operators.ts';
import { APPROVED_SERVERS, TRANSCRIPT_POLICY_DAYS, ZERO_RETENTION } from './script.ts';
import { makeSigningKeys, signingFiles } from './signing.ts';

/** Since when the providers of the demo keep nothing. */
const CONFIRMED_ON = '2026-01-01';

/** Whoever watches the demo is not to wait for what it signs. */
export const SIGNED_EVERY_SECONDS = 10;

const directoryFiles = (data: string) => ({
  people: join(data, 'directory', 'people.json'),
  keys: join(data, 'directory', 'keys.csv'),
});

/** The configuration of Alderbrook, with its directory and its keys below the data directory. `day` is its midnight UTC. */
export async function site(config: Config, day: number): Promise<Config> {
  const { people, keys } = directoryFiles(config.data);
  await mkdir(join(config.data, 'directory'), { recursive: true, mode: 0o700 });
  await writeFile(people, directoryJson(), { mode: 0o600 });
  await writeFile(keys, keysCsv(day), { mode: 0o600 });
  await makeSigningKeys(config.data);
  return alderbrook(config);
}

/** Without a configuration it is the demo that is asked, where it was started once. */
export async function asDemo(config: Config): Promise<Config> {
  const isThere = await access(tokenFile(config.data, 'auditor')).then(
    () => true,
    () => false,
  );
  return isThere ? alderbrook(config) : config;
}

async function alderbrook(config: Config): Promise<Config> {
  const { people, keys } = directoryFiles(config.data);
  const signing = signingFiles(config.data);
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
      signing_key: signing.retention,
    },
    ledger: {
      ...config.ledger,
      signing_key: signing.ledger,
      origin: 'audit.alderbrook.example',
      interval_seconds: SIGNED_EVERY_SECONDS,
    },
    evidence: { signing_key: signing.evidence },
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
