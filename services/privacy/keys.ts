import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openGraves } from './graves.ts';

/** Symmetric keys by name. What is sealed under a key is erased by destroying the key; a destroyed one is never made again. */
export interface Keys {
  /** The key of this name, made on first use; durable before it is returned. Rejects when it was destroyed, or the directory fails. */
  get(name: string): Promise<Uint8Array>;
  /** The same for many names at once. */
  getAll(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | Destroyed>>;
  /** The key of this name, or undefined where none was ever made or it was destroyed. */
  find(name: string): Promise<Uint8Array | undefined>;
  /** For good, whether or not there is one: every process that shares the directory knows at its next question. */
  destroy(name: string): Promise<void>;
  /** How many were destroyed so far: who keeps keys at hand asks whether it has changed. */
  destroyed(): Promise<number>;
}

export type Destroyed = 'destroyed';

/** A key is asked for that was destroyed. */
export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';
}

/** AES-256 and HMAC-SHA256 keys. */
const KEY_BYTES = 32;

/** 200 leaves room for the suffixes within the 255 bytes most file systems allow. */
const NAME = /^[a-z0-9-]{1,200}$/;

/** Keys made side by side: their flushes share what the disk writes. */
const AT_ONCE = 64;

/**
 * One file per key in a directory only its owner may enter; made at the first use. Processes that share the directory
 * agree on every key: a key is written aside, flushed, then linked to its name, which only one of them can do, so that
 * no reader ever meets half a key. Keys are cached, and given out again only while their file stands: one whose file was taken away
 * counts as destroyed. The list of the destroyed is written before the file goes, so that whoever misses a file finds the name there.
 */
export function openKeys(directory: string): Keys {
  const cache = new Map<string, Uint8Array>();
  const graves = openGraves(directory, (name) => cache.delete(name));

  async function at(name: string, isDestroyed: boolean): Promise<Uint8Array | Destroyed> {
    if (isDestroyed) return 'destroyed';
    const path = pathOf(directory, name);
    const known = cache.get(name);
    if (known !== undefined && (await isThere(path))) return known;
    if (known !== undefined) {
      await destroy(name);
      return 'destroyed';
    }
    const found = await read(path);
    if (found !== undefined) return found;
    return (await graves.names()).has(name) ? 'destroyed' : make(path);
  }

  async function getAll(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | Destroyed>> {
    for (const name of names) pathOf(directory, name);
    const isNew = names.some((name) => !cache.has(name));
    if (isNew) await mkdir(directory, { recursive: true, mode: 0o700 });
    const before = await graves.names();
    const all = new Map<string, Uint8Array | Destroyed>();
    for (let first = 0; first < names.length; first += AT_ONCE) {
      const some = names.slice(first, first + AT_ONCE);
      const keys = await Promise.all(some.map((name) => at(name, before.has(name))));
      for (const [index, key] of keys.entries()) all.set(some[index] ?? '', key);
    }
    // Whoever made a file may not have come to this: a name is durable once its directory is.
    if (isNew) await flush(directory);
    const after = await graves.names();
    for (const [name, key] of all) {
      if (key === 'destroyed') continue;
      if (!after.has(name)) cache.set(name, key);
      else {
        // It was destroyed while it was made here.
        await rm(pathOf(directory, name), { force: true });
        all.set(name, 'destroyed');
      }
    }
    return all;
  }

  async function destroy(name: string): Promise<void> {
    const path = pathOf(directory, name);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await graves.add(name);
    await flush(directory);
    cache.delete(name);
    await rm(path, { force: true });
    await flush(directory);
  }

  return {
    getAll,
    destroy,
    async get(name) {
      const key = (await getAll([name])).get(name);
      if (key === undefined || key === 'destroyed') throw new KeyDestroyed(`the key ${name} was destroyed`);
      return key;
    },
    async find(name) {
      const path = pathOf(directory, name);
      return (await graves.names()).has(name) ? undefined : read(path);
    },
    destroyed: async () => (await graves.names()).size,
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function pathOf(directory: string, name: string): string {
  if (!NAME.test(name)) throw new RangeError('a key is named by a to z, 0 to 9 and -');
  return join(directory, `${name}.key`);
}

async function make(path: string): Promise<Uint8Array> {
  const aside = `${path}.${randomBytes(8).toString('hex')}.new`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(KEY_BYTES));
    await file.sync();
    await link(aside, path).catch(unless('EEXIST'));
  } finally {
    await file.close();
    await unlink(aside);
  }
  const key = await read(path);
  if (key === undefined) throw new Error('a key vanished while it was being made');
  return key;
}

async function read(path: string): Promise<Uint8Array | undefined> {
  const key = await readFile(path).catch(unless('ENOENT'));
  if (key !== undefined && key.length !== KEY_BYTES) throw new Error(`a key file does not hold ${KEY_BYTES} bytes`);
  return key;
}

async function flush(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Turns one expected file system error into undefined. */
function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
    throw error;
  };
}
