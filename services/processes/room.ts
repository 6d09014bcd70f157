import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config-error.ts';

/** What the engine writes before the first row, several times over. */
const ROOM_BYTES = 64 * 1024 * 1024;

/**
 * Made where the disk takes no more, the engine's database is an empty file: the engine says nothing of it, and never starts over it
 * again, whatever room there is later. One that was made survives full disks. `data` is the directory, which exists; `store` the
 * engine's place below it.
 */
export async function refuseFull(data: string, store: string, roomBytes = ROOM_BYTES): Promise<void> {
  if (existsSync(join(store, 'metadata', 'audit.sql'))) return;
  const { bavail, bsize } = await statfs(existsSync(store) ? store : data);
  if (bavail * bsize < roomBytes)
    throw new ConfigError(
      `data: the disk of ${data} has no room for a new store (${bavail * bsize} bytes free, ${roomBytes} needed)`,
    );
}
