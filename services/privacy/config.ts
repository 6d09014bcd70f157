import { z } from 'zod';
import { KIND_NAMES } from './kinds.ts';
import { named } from './names.ts';
import { DIGITS_IN_A_ROW } from './national.ts';

const RESERVED = new Set<string>([...KIND_NAMES, 'masked']);

/** An identity number of a country or a company, by its shape. */
const nationalId = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'up to 32 of a to z, 0 to 9 and -, the first a letter')
    .refine((name) => !RESERVED.has(name), 'is the name of a built-in kind')
    // The name stands before the token in marks, where it must not read as the name of a credential.
    .refine((name) => named(name) === undefined, 'reads as the name of a credential'),
  /** 9 is a digit, A a letter in either case, every other character itself. */
  template: z
    .string()
    .max(40)
    .regex(/^[A-Za-z0-9](?:[ -~]*[A-Za-z0-9])?$/, 'begins and ends with a letter or digit, all of ASCII')
    .regex(DIGITS_IN_A_ROW, 'needs two digits in a row')
    .refine(
      (template) => template.replace(/[^A9]/g, '').length >= 5,
      'needs five 9 or A, or it would be found everywhere',
    ),
  /** Words of which one must stand in the 64 characters before; none where the shape tells enough. */
  context: z.array(z.string().min(2).max(64)).min(1).optional(),
});

/** What a source's content becomes; see policy.ts. */
const keep = z.enum(['masked', 'sealed', 'none']);

const contentRule = z.strictObject({
  when: z.strictObject({
    topic: z.string().min(1).optional(),
    format: z.string().min(1).optional(),
    surface: z.string().min(1).optional(),
    data_class: z.enum(['secret', 'pii', 'phi', 'source_code']).optional(),
  }),
  keep,
});

export const privacyConfig = z.strictObject({
  /** Kinds of people's data that are not looked for. Credentials are always masked. */
  off: z.array(z.enum(KIND_NAMES)).default([]),
  national_ids: z
    .array(nationalId)
    .default([])
    .refine((ids) => new Set(ids.map(({ name }) => name)).size === ids.length, 'two have the same name'),
  /** Names of projects, wards or drugs that are health data wherever they stand as whole words, in any case. */
  phi_terms: z.array(z.string().trim().min(3).max(100)).default([]),
  content: z.strictObject({ rules: z.array(contentRule).default([]), default: keep.default('masked') }).prefault({}),
});

export type PrivacyConfig = z.output<typeof privacyConfig>;
