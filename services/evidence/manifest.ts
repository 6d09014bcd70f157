import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import type { FORMAT } from './form.ts';
import type { Request } from './request.ts';
import { envelopeText, sealedBytes } from './verify.ts';

/** What the manifest says of a question's rows. */
export interface Asked {
  readonly question: string;
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Cells of rows.csv that got an apostrophe in front, so that no spreadsheet runs them. */
  readonly neutralised: number;
  /** Whether every row that names an event names one of this bundle. */
  readonly of_events: boolean;
}

export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the bytes as the zip holds them. */
  readonly packed?: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly request: Request;
  readonly extractor: { readonly name: 'trailhouse'; readonly version: string };
  readonly time_zone: 'UTC';
  readonly events: number;
  readonly ledger: readonly { readonly partition: number; readonly size: number; readonly lines: number }[];
  readonly questions: readonly Asked[];
  readonly keys: { readonly ledger: readonly string[]; readonly certificates: readonly string[] };
  /** Public half of the key that signs this, SPKI in DER, base64. */
  readonly signing_key: string;
  readonly files: readonly ListedFile[];
}

/** The manifest's bytes, and the same under a DSSE signature. */
export function seal(
  manifest: Omit<Manifest, 'signing_key'>,
  key: KeyObject,
): { readonly plain: Buffer; readonly sealed: Buffer } {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const plain = Buffer.from(`${JSON.stringify({ ...manifest, signing_key: spki.toString('base64') }, null, 2)}\n`);
  const sealed = envelopeText(plain, fingerprintOf(key), sign(null, sealedBytes(plain), key));
  return { plain, sealed: Buffer.from(sealed) };
}

/** SHA-256 of the public key's DER, in hex: what an auditor is told by another way. */
export const fingerprintOf = (key: KeyObject): string =>
  hash('sha256', createPublicKey(key).export({ type: 'spki', format: 'der' }));
