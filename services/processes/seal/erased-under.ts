import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { erasedFile, isListed, readErased } from '../../retention/erased.ts';
import type { ErasureCertificate } from '../../retention/erasure.ts';
import { isCode } from './disk.ts';

/** Which events signed certificates of erasure speak of. */
export interface ErasedUnder {
  /** The certificate that lists an event with a hash (in hex); undefined where none does. */
  of(event: string, hash: string): string | undefined;
  readonly bases: ReadonlyMap<string, string>;
  /** Lists that are not what was signed, and why. */
  readonly refused: readonly string[];
}

export async function erasedUnder(folder: string, erasures: readonly ErasureCertificate[]): Promise<ErasedUnder> {
  const refused: string[] = [];
  const bases = new Map<string, string>();
  const found = new Map<string, { readonly hash: string; readonly certificate: string }>();
  for (const { certificate, basis, list } of erasures) {
    bases.set(certificate, basis);
    const name = erasedFile(certificate);
    const file = await readFile(join(folder, name)).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (file === undefined || !isListed(file, list))
      refused.push(`${name}: is not the list that the certificate names`);
    else for (const { event, hash } of readErased(file.toString())) found.set(event, { hash, certificate });
  }
  return {
    of(event, hash) {
      const under = found.get(event);
      return under?.hash === hash ? under.certificate : undefined;
    },
    bases,
    refused,
  };
}
