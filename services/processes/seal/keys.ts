import { readVkey, type Signer, signer, type Verifier } from '../../ledger/note.ts';
import { readKeyFile } from '../retain/key.ts';
import type { LedgerConfig } from './config.ts';

/** Who signs, and whose signatures are believed. */
export interface LedgerKeys {
  readonly origin: string;
  readonly signer: Signer;
  readonly known: readonly Verifier[];
}

/** Undefined where no key is configured. */
export async function openLedgerKeys(config: LedgerConfig): Promise<LedgerKeys | undefined> {
  const { signing_key: file, origin, previous_keys } = config;
  if (file === undefined || origin === undefined) return undefined;
  const { key } = await readKeyFile(file, 'ledger.signing_key');
  const ours = signer(origin, key);
  return { origin, signer: ours, known: [ours.verifier, ...previous_keys.map(readVkey)] };
}
