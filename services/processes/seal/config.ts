import { z } from 'zod';
import { readVkey } from '../../ledger/note.ts';

const vkey = z.string().superRefine((text, context) => {
  try {
    readVkey(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof RangeError ? error.message : 'is no key' });
  }
});

/** How the trail is sealed: a tree per audit partition, and signatures over it. */
export const ledgerConfig = z
  .strictObject({
    /** PEM of the Ed25519 private key that signs; without one nothing is sealed. */
    signing_key: z.string().min(1).optional(),
    /** Name of this ledger for good, such as `audit.alderbrook.example`; keys sign by it. */
    origin: z
      .string()
      .regex(/^[^\s+/]+(\/[^\s+/]+)*$/u, 'must hold no spaces and no plus, and neither begin nor end with a slash')
      .max(200)
      .optional(),
    /** How often what came in is signed. */
    interval_seconds: z.number().int().min(1).max(86_400).default(600),
    /** Directory of the customer's choice, best on write-once storage, that gets a copy of every checkpoint. */
    outside: z.string().min(1).optional(),
    /** Keys that have signed before, as `ledger keys` printed them. */
    previous_keys: z.array(vkey).default([]),
  })
  .superRefine(({ signing_key, origin }, context) => {
    if (signing_key !== undefined && origin === undefined)
      context.addIssue({ code: 'custom', path: ['origin'], message: 'is wanted where a key signs: name this ledger' });
  });

export type LedgerConfig = z.output<typeof ledgerConfig>;
