import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { account } from './account.ts';
import { digest, record } from './acts.ts';
import type { Config } from './config.ts';
import { readKeyFile } from './retain/key.ts';
import { VERSION } from './version.ts';
import { writeWhole } from './whole-file.ts';

/** What a role was started with last: the digest of each section of the configuration. */
const sections = z.record(z.string(), z.string());
type Sections = Readonly<z.output<typeof sections>>;

const FOLDER = 'configured';

/**
 * Puts onto the trail that a role runs with another configuration or other keys than the last time, and whose account started it. What
 * the sections say stays where it is; a digest tells that it is another.
 */
export async function tellConfiguration(role: string, config: Config, log: Log, clock: Clock): Promise<void> {
  const folder = join(config.data, FOLDER);
  const now = { ...sectionsOf(config), ...(await keysOf(config)) };
  const before = await readSections(join(folder, `${role}.json`));
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const changed = names.filter((name) => before[name] !== now[name]);
  if (changed.length === 0) return;
  const what = Object.keys(before).length === 0 ? 'configuration' : 'configuration changed';
  const act = {
    ...({ action: 'audit.act', outcome: 'success', target: `role ${role}` } as const),
    asker: { id: account(), address: '', userAgent: `trailhouse/${VERSION}` },
    attributes: { what, role, sections: changed.join(', '), configuration: digest(JSON.stringify(now)) },
  };
  await record(act, log, clock);
  await writeWhole(folder, `${role}.json`, (file) => file.writeFile(`${JSON.stringify(now)}\n`));
}

const sectionsOf = (config: Config): Sections =>
  Object.fromEntries(Object.entries(config).map(([name, section]) => [name, digest(JSON.stringify(section ?? null))]));

/** A key that was replaced in its file leaves the configuration as it was. */
async function keysOf({ ledger, retention, evidence }: Config): Promise<Sections> {
  const found: Record<string, string> = {};
  for (const [name, file] of Object.entries({
    'key of ledger': ledger.signing_key,
    'key of retention': retention.signing_key,
    'key of evidence': evidence.signing_key,
  }))
    if (file !== undefined) found[name] = await readKeyFile(file, name).then(({ id }) => id, absent);
  return found;
}

/** Roles that do not sign need no key: it may be on another machine. */
const absent = (): string => 'not here';

async function readSections(path: string): Promise<Sections> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  return sections.parse(JSON.parse(text));
}
