import { z } from 'zod';

/** A secret is a file's path or an environment variable's name, never a value in the configuration. */
export const secret = z.union(
  [z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/) })],
  { error: 'is a secret: write { file: PATH } or { env: NAME }' },
);

/** Of a receiver: without a name or password, for messages of clients quote addresses. */
export const endpoint = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), 'holds a name or password: give them by their own keys');
