import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Symmetric keys by name. What is sealed under a key is erased by destroying the key. */
export interface Keys {
  /** The key of this name, made on first use; durable before it is returned. Rejects when the directory fails. */
  get(name: string): Promise<Uint8Array>;
  /** The key of this name, or undefined where none was ever made or it was destroyed. */
  find(name: string): Promise<Uint8Array | undefined>;
}

/** AES-256 and HMAC-SHA256 keys. */
const KEY_BYTES = 32;

/** 200 leaves room for the suffixes within the 255 bytes most file systems allow. */
const NAME = /^[a-z0-9-]{1,200}$/;

/**
 * One file per key in a directory only its owner may enter; made at the first use. Processes that share the directory
 * agree on every key: a key is written aside, flushed, then linked to its name, which only one of them can do, so that
 * no reader ever meets half a key. Keys are cached: a process keeps a destroyed key until it ends.
 */
export function openKeys(directory: string): Keys {
  const cache = new Map<string, Promise<Uint8Array>>();

  return {
    async get(name) {
      const path = pathOf(directory, name);
      const known = cache.get(name);
      if (known !== undefined) return known;
      const loading = load(directory, path);
      cache.set(name, loading);
      loading.catch(() => cache.delete(name));
      return loading;
    },
    async find(name) {
      const path = pathOf(directory, name);
      return cache.get(name) ?? read(path);
    },
  };
}

function pathOf(directory: string, name: string): string {
  if (!NAME.test(name)) throw new RangeError('a key is named by a to z, 0 to 9 and -');
  return join(directory, `${name}.key`);
}

async function load(directory: string, path: string): Promise<Uint8Array> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const key = (await read(path)) ?? (await make(path));
  // Whoever made the file may not have come to this: a name is durable once its directory is.
  await flush(directory);
  return key;
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
