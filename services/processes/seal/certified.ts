import { createHash, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineage } from '../../core/origin.ts';
import { rangesFile } from '../../retention/ranges.ts';
import { readFiled } from '../retain/filed.ts';
import { isCode } from './disk.ts';
import { type ErasedUnder, erasedUnder } from './erased-under.ts';

/** How many events of one account certificates of deletion speak for. */
export interface Deleted {
  readonly lineage: string;
  /** Raw offset the account begins at. */
  readonly first: number;
  readonly rows: number;
  readonly certificates: readonly string[];
}

/** What signed certificates account for. */
export interface Certified {
  /** By whose account an event's raw offset was deleted, if any did. */
  of(lineage: string, offset: number): Deleted | undefined;
  readonly erased: ErasedUnder;
  /** Certificates that are not what was signed, and why. */
  readonly refused: readonly string[];
}

/** Certificates that none of the keys signed count for nothing. */
export async function readCertified(folder: string, keys: readonly KeyObject[]): Promise<Certified> {
  const { deletions, erasures, refused } = await readFiled(folder, keys);
  const erased = await erasedUnder(folder, erasures);
  const wrong = [...refused, ...erased.refused];
  const accounts = new Map<string, Map<number, Deleted>>();
  for (const { certificate, stored_in, ranges } of deletions) {
    if (!stored_in.startsWith('events') || ranges === null) continue;
    const lines = await readRanges(folder, certificate, ranges.sha256);
    if (lines === undefined) wrong.push(`${rangesFile(certificate)}: is not the list that the certificate names`);
    for (const line of lines ?? []) add(accounts, certificate, line);
  }
  const sorted = new Map([...accounts].map(([name, by]) => [name, [...by.values()].sort((a, b) => a.first - b.first)]));
  return { of: (name, offset) => nearest(sorted.get(name) ?? [], offset), erased, refused: wrong };
}

async function readRanges(folder: string, id: string, sha256: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(folder, rangesFile(id)), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined || createHash('sha256').update(text).digest('hex') !== sha256) return undefined;
  return text.split('\n').filter((line) => line !== '');
}

/** A line of ClickHouse's CSV: epoch, topic in quotes, partition, first offset, rows. */
function add(accounts: Map<string, Map<number, Deleted>>, certificate: string, line: string): void {
  const [, epoch, topic, partition, first, rows] = /^(\d+),"([^"]+)",(\d+),(\d+),(\d+)$/.exec(line) ?? [];
  if (topic === undefined) throw new RangeError(`${rangesFile(certificate)}: holds a line that is none`);
  const name = lineage({ epoch: Number(epoch), topic, partition: Number(partition) });
  const by = accounts.get(name) ?? new Map<number, Deleted>();
  const known = by.get(Number(first));
  by.set(Number(first), {
    lineage: name,
    first: Number(first),
    rows: (known?.rows ?? 0) + Number(rows),
    certificates: [...(known?.certificates ?? []), certificate],
  });
  accounts.set(name, by);
}

/** The last account that begins at an offset or before it. */
function nearest(sorted: readonly Deleted[], offset: number): Deleted | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sorted[middle]?.first ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
