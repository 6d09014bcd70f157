import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeKeyPair } from '../retain/key.ts';

/** Where the keys of the demo stand that sign certificates, checkpoints and bundles. */
export const signingFiles = (data: string) => ({
  retention: join(data, 'signing', 'retention.pem'),
  ledger: join(data, 'signing', 'ledger.pem'),
  evidence: join(data, 'signing', 'evidence.pem'),
});

/** Keys are drawn at the first start and stay: what they signed is checked with them. */
export async function makeSigningKeys(data: string): Promise<void> {
  await mkdir(join(data, 'signing'), { recursive: true, mode: 0o700 });
  for (const file of Object.values(signingFiles(data))) if (!(await isThere(file))) await writeKeyPair(file);
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
