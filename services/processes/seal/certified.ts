import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineage } from '../../core/origin.ts';
import { open } from '../../retention/certificate.ts';
import { ERASURE_TYPE, erasureCertificate } from '../../retention/erasure.ts';
import { rangesFile } from '../../retention/ranges.ts';
import { openDocument } from '../../retention/signing.ts';
import { isCode } from './disk.ts';

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
  readonly erasures: readonly Erasure[];
  /** Certificates that are not what was signed, and why. */
  readonly refused: readonly string[];
}

/** How many events a signed certificate of erasure speaks for. */
export interface Erasure {
  readonly certificate: string;
  readonly basis: string;
  readonly events: number;
}

/** Certificates without a key to check them count for nothing. */
export async function readCertified(folder: string, key: KeyObject | undefined): Promise<Certified> {
  const refused: string[] = [];
  const erasures: Erasure[] = [];
  const accounts = new Map<string, Map<number, Deleted>>();
  const pem = key === undefined ? '' : createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  for (const name of (await list(folder)).filter((one) => /^[0-9a-f-]{36}\.json$/.test(one)).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    const erased = openDocument(ERASURE_TYPE, text, pem);
    if (erased.kind === 'genuine') {
      erasures.push(erasureCertificate.parse(erased.content));
      continue;
    }
    const opened = open(text, pem);
    if (opened.kind === 'refused') refused.push(`${name}: ${opened.reason}`);
    else if (opened.certificate.stored_in.startsWith('events')) {
      const { certificate, ranges } = opened.certificate;
      const lines = ranges === null ? [] : await readRanges(folder, certificate, ranges.sha256);
      if (lines === undefined) refused.push(`${rangesFile(certificate)}: is not the list that the certificate names`);
      for (const line of lines ?? []) add(accounts, certificate, line);
    }
  }
  const sorted = new Map([...accounts].map(([name, by]) => [name, [...by.values()].sort((a, b) => a.first - b.first)]));
  return { of: (name, offset) => nearest(sorted.get(name) ?? [], offset), erasures, refused };
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  });
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
