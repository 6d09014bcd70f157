import { z } from 'zod';

/** What is wrong and where, without a word of the file: keys and values may be people's. */
export function faultOf(error: z.ZodError, known: readonly string[] = []): string {
  const [issue] = error.issues;
  const path = issue?.path.filter((step) => typeof step === 'number' || known.includes(String(step))).join('.') ?? '';
  const words = issue?.code === 'unrecognized_keys' ? `has a key that is none of ${known.join(', ')}` : issue?.message;
  return `${path === '' ? '' : `${path}: `}${words ?? 'is not of the form'}`;
}

/** Null and an empty text say as little as leaving the field out. */
export const text = z.string('is no text').nullish();
export const list = z.array(text, 'is no list').nullish();
