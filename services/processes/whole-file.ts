import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a file only its owner may read, whole or not at all. */
export async function writeWhole(
  directory: string,
  name: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
