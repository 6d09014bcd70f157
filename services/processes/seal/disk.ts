import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Files that outlive a power cut: each is whole or not there. */
export interface Disk {
  /** Writes files anew, all of them durable when it resolves. */
  write(files: readonly NewFile[]): Promise<void>;
  /** Writes a file that is not there yet; false, and nothing done, where it is. */
  writeOnce(file: NewFile): Promise<boolean>;
  /** Puts bytes at a place of a file and cuts off what was behind. */
  extend(path: string, at: number, bytes: Uint8Array): Promise<void>;
}

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How many files are under way at once: a disk takes syncs together. */
const TOGETHER = 16;

export const disk: Disk = {
  async write(files) {
    const folders = new Set(files.map(({ path }) => dirname(path)));
    for (const folder of folders) await makeFolder(folder);
    for (let at = 0; at < files.length; at += TOGETHER)
      await Promise.all(
        files.slice(at, at + TOGETHER).map(async ({ path, bytes }) => {
          await writeWhole(`${path}.part`, bytes);
          await rename(`${path}.part`, path);
        }),
      );
    await Promise.all([...folders].map(sync));
  },

  async writeOnce({ path, bytes }) {
    await makeFolder(dirname(path));
    const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
    try {
      await writeWhole(part, bytes);
      await link(part, path).catch(async (error: unknown) => {
        if (!NO_LINKS.some((code) => isCode(error, code))) throw error;
        await writeWhole(path, bytes, 'wx');
      });
      await sync(dirname(path));
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      // Storage that lets nothing be deleted keeps it.
      await unlink(part).catch(() => {});
    }
  },

  async extend(path, at, bytes) {
    await makeFolder(dirname(path));
    const file = await open(path, 'a+', 0o600).then(async (made) => {
      await made.close();
      return open(path, 'r+');
    });
    try {
      await file.truncate(at);
      await file.write(bytes, 0, bytes.length, at);
      await file.sync();
    } finally {
      await file.close();
    }
    await sync(dirname(path));
  },
};

/** What file systems answer that have no second names for files. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

async function writeWhole(path: string, bytes: Uint8Array, flags: 'w' | 'wx' = 'w'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder is there for good once the one above it knows it. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = path; folder !== dirname(first); folder = dirname(folder)) await sync(dirname(folder));
}

async function sync(folder: string): Promise<void> {
  const file = await open(folder, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
