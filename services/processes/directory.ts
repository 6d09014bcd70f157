import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type DirectoryRead, readDirectory } from '../identity/directory.ts';
import type { Directory } from '../identity/person.ts';
import { ConfigError } from './config-error.ts';

/** How often files are looked at. */
const CHECK_MS = 60_000;

/** Contradictions that are logged one by one; the rest are counted. */
const MOST_WARNINGS = 20;

/**
 * The directory as its files stand, looked at again at most once a minute. Throws `ConfigError` for files that cannot be read;
 * a later version that cannot is logged, and the last good one stays.
 */
export async function openDirectory(
  files: readonly string[],
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<() => Promise<Directory>> {
  let state = await stateOf(files);
  const first = await load(files);
  if (first.kind === 'unreadable') throw new ConfigError(first.reason);
  warn(first, logger);
  let current = first.directory;
  let checkedAt = clock.now().getTime();

  return async () => {
    const now = clock.now().getTime();
    if (files.length === 0 || now - checkedAt < CHECK_MS) return current;
    checkedAt = now;
    const newer = await stateOf(files);
    if (newer === state) return current;
    state = newer;
    const next = await load(files);
    if (next.kind === 'unreadable') {
      logger.warn({ reason: next.reason }, 'the directory changed and cannot be read: the last good one stays');
      return current;
    }
    warn(next, logger);
    logger.info({ files: files.length }, 'the directory was read again');
    current = next.directory;
    return current;
  };
}

function warn({ warnings }: DirectoryRead & { kind: 'read' }, logger: Logger): void {
  for (const reason of warnings.slice(0, MOST_WARNINGS)) logger.warn({ reason }, 'the directory is not of one mind');
  const more = warnings.length - MOST_WARNINGS;
  if (more > 0) logger.warn({ more }, 'the directory is not of one mind in more places');
}

/** Changes when a file does, is replaced, appears or goes. */
async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return found === undefined ? 'none' : `${found.ino}/${found.size}/${found.mtimeMs}`;
  });
  return (await Promise.all(states)).join(' ');
}

async function load(files: readonly string[]): Promise<DirectoryRead> {
  const read: { name: string; text: string }[] = [];
  for (const name of files) {
    const text = await readFile(name, 'utf8').catch((error: NodeJS.ErrnoException) => ({ code: error.code }));
    if (typeof text !== 'string')
      return { kind: 'unreadable', reason: `${name}: cannot be read (${text.code ?? 'unreadable'})` };
    read.push({ name, text });
  }
  return readDirectory(read);
}
