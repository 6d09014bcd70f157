import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of keys that were destroyed, for good. */
export interface Graves {
  /** All of them, of whichever process destroyed them. Costs one look at a file's size where none is new. */
  names(): Promise<ReadonlySet<string>>;
  /** Durable when it resolves. */
  add(name: string): Promise<void>;
}

const FILE = 'destroyed.list';

/**
 * One name a line, in a file that only grows: its size tells that there is something new. A line that a crash cut short is ended by
 * the next one's own line break, and names no key.
 */
export function openGraves(directory: string, buried: (name: string) => void): Graves {
  const path = join(directory, FILE);
  const known = new Set<string>();
  let read = 0;

  return {
    async names() {
      const file = await open(path, 'r').catch(unlessMissing);
      if (file === undefined) return known;
      try {
        // Others may ask at once: what they have read meanwhile is read again, and counted once.
        const from = read;
        const { size } = await file.stat();
        if (size <= from) return known;
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
        const end = buffer.lastIndexOf('\n', bytesRead - 1) + 1;
        for (const name of buffer.toString('latin1', 0, end).split('\n')) {
          if (name === '' || known.has(name)) continue;
          known.add(name);
          buried(name);
        }
        read = Math.max(read, from + end);
        return known;
      } finally {
        await file.close();
      }
    },

    async add(name) {
      const file = await open(path, 'a', 0o600);
      try {
        await file.writeFile(`\n${name}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
