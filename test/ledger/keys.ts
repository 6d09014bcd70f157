import { createPrivateKey } from 'node:crypto';
import { type Signer, signer } from '../../services/ledger/note.ts';

/** PKCS #8 of an Ed25519 key up to the seed (RFC 8410, 7). */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key that is the same in every run. */
export function testKey(seed: number): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([HEAD, Buffer.alloc(32, seed)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export const ORIGIN = 'alderbrook.example/audit';

export const testSigner = (seed = 1, name = ORIGIN): Signer => signer(name, testKey(seed));
