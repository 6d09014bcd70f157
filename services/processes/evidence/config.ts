import { z } from 'zod';

/** Evidence for auditors. */
export const evidenceConfig = z.strictObject({
  /** PEM of the Ed25519 private key that signs bundles; without one none is built. */
  signing_key: z.string().min(1).optional(),
});
