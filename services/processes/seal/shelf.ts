import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, type SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Verifier } from '../../ledger/note.ts';
import { readStatement, type Statement, statementDigest, writeStatement } from '../../ledger/statement.ts';
import { sameHash } from '../../ledger/tree.ts';
import { type Disk, isCode } from './disk.ts';

/** Signed checkpoints of one audit partition in a folder, each written once, with the statements that go with them. */
export interface Shelf {
  /** Sizes of the trees, in order. */
  sizes(): Promise<readonly number[]>;
  /** Throws `Untrusted` where no known key has signed it. */
  checkpoint(size: number): Promise<SignedCheckpoint>;
  /** Throws `Untrusted` where it is not the one that was signed. */
  statement(checkpoint: SignedCheckpoint): Promise<Statement>;
  /** The one with the largest tree. */
  newest(): Promise<SignedCheckpoint | undefined>;
  /** Throws `Untrusted` where another one of that size is there. */
  add(checkpoint: SignedCheckpoint, statement: string): Promise<void>;
}

/** Puts outside what stands on disk alone: a directory that was named later, or was away. Answers how many. */
export async function handOut(own: Shelf, outside: Shelf): Promise<number> {
  const there = new Set(await outside.sizes());
  const missing = (await own.sizes()).filter((size) => !there.has(size));
  for (const size of missing) {
    const checkpoint = await own.checkpoint(size);
    await outside.add(checkpoint, writeStatement(await own.statement(checkpoint)));
  }
  return missing.length;
}

/** What is there does not bear a known key's signature, or is not what was signed. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
}

const DIGITS = 16;

/** `0000000000001234.checkpoint`: names sort as sizes do. */
const stem = (size: number): string => String(size).padStart(DIGITS, '0');

/** The digest is in the name: one that a crash left behind does not stand in the way of another. */
const statementName = ({ size, accounting }: SignedCheckpoint): string =>
  `${stem(size)}.${Buffer.from(accounting).toString('hex', 0, 8)}.accounting`;

export function shelf(folder: string, known: readonly Verifier[], disk: Disk): Shelf {
  const nameOf = (size: number): string => `${stem(size)}.checkpoint`;

  async function sizes(): Promise<readonly number[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    });
    const found = names.flatMap((name) => /^(\d{16})\.checkpoint$/.exec(name)?.[1] ?? []);
    return found.map(Number).sort((a, b) => a - b);
  }

  async function checkpoint(size: number): Promise<SignedCheckpoint> {
    const opened = openCheckpoint(await readFile(join(folder, nameOf(size)), 'utf8'), known);
    if (opened.kind === 'refused') throw new Untrusted(`${join(folder, nameOf(size))}: ${opened.reason}`);
    if (opened.checkpoint.size !== size)
      throw new Untrusted(`${join(folder, nameOf(size))}: it is of size ${opened.checkpoint.size}`);
    return opened.checkpoint;
  }

  async function newest(): Promise<SignedCheckpoint | undefined> {
    const size = (await sizes()).at(-1);
    return size === undefined ? undefined : checkpoint(size);
  }

  return {
    sizes,
    checkpoint,
    newest,
    async statement(signed) {
      const path = join(folder, statementName(signed));
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (isCode(error, 'ENOENT')) throw new Untrusted(`${path} is missing`);
        throw error;
      });
      const read = sameHash(statementDigest(text), signed.accounting) ? readStatement(text) : undefined;
      if (read === undefined) throw new Untrusted(`${path} is not what was signed`);
      return read;
    },
    async add(signed, statement) {
      await disk.writeOnce({ path: join(folder, statementName(signed)), bytes: Buffer.from(statement) });
      if (await disk.writeOnce({ path: join(folder, nameOf(signed.size)), bytes: Buffer.from(signed.note) })) return;
      if ((await checkpoint(signed.size)).note !== signed.note)
        throw new Untrusted(`${join(folder, nameOf(signed.size))}: another checkpoint of this size is there`);
    },
  };
}
