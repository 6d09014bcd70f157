import type { KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, open } from '../../retention/certificate.ts';
import { ERASURE_TYPE, type ErasureCertificate, openErasure } from '../../retention/erasure.ts';

/** The certificates that are filed in a folder, by what they speak of. */
export interface Filed {
  readonly deletions: readonly Certificate[];
  readonly erasures: readonly ErasureCertificate[];
  /** Files that are not what a key signed, and why. */
  readonly refused: readonly string[];
}

const CERTIFICATE = /^[0-9a-f-]{36}\.json$/;

/** A certificate that none of the keys signed counts for nothing. */
export async function readFiled(folder: string, keys: readonly KeyObject[]): Promise<Filed> {
  const pems = keys.map((key) => key.export({ type: 'spki', format: 'pem' }).toString());
  const [deletions, erasures, refused]: [Certificate[], ErasureCertificate[], string[]] = [[], [], []];
  for (const name of (await list(folder)).filter((one) => CERTIFICATE.test(one)).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    const reason = text.includes(ERASURE_TYPE)
      ? take(
          pems.map((pem) => openErasure(text, pem)),
          erasures,
        )
      : take(
          pems.map((pem) => open(text, pem)),
          deletions,
        );
    if (reason !== undefined) refused.push(`${name}: ${reason}`);
  }
  return { deletions, erasures, refused };
}

type Tried<T> =
  | { readonly kind: 'genuine'; readonly certificate: T }
  | { readonly kind: 'refused'; readonly reason: string };

/** Takes a certificate in that one of the keys signed, or answers why none did. */
function take<T>(tried: readonly Tried<T>[], into: T[]): string | undefined {
  for (const one of tried)
    if (one.kind === 'genuine') {
      into.push(one.certificate);
      return undefined;
    }
  const [first] = tried;
  return first?.kind === 'refused' ? first.reason : 'there is no key to check it with';
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}
