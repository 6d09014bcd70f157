import { z } from 'zod';

/** What a schema read of a message, beside the message as it came. */
export interface Whole<T> {
  readonly read: T;
  readonly raw: unknown;
}

/** Keeps the message: a leaf that the schema does not know, or that zod drops (`__proto__`), is a leaf all the same. */
export function whole<S extends z.ZodType>(schema: S): z.ZodType<Whole<z.output<S>>> {
  return z.unknown().transform((raw, context) => {
    const { success, data, error } = schema.safeParse(raw);
    if (success) return { read: data, raw };
    for (const { path, message } of error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
}

/**
 * Checks a message by the schema that its shape asks for, and hands it on as it came: zod's copy leaves out a key spelt
 * `__proto__`, and no leaf may be lost. For schemas that only check; one that converts needs {@link whole}.
 */
export function unchanged<T>(schemaOf: (message: unknown) => z.ZodType<T>): z.ZodType<T> {
  return z.custom<T>().superRefine((message, context) => {
    for (const { path, message: wrong } of schemaOf(message).safeParse(message).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message: wrong });
  });
}

/**
 * The message without the leaves at these dotted paths: those a column holds exactly this time, while another value of
 * the same field might not fit it. A path may not lead through an array.
 */
export function without(message: unknown, paths: Iterable<string>): unknown {
  let rest = message;
  for (const path of paths) rest = drop(rest, path.split('.'));
  return rest;
}

function drop(value: unknown, [name, ...below]: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== name || below.length > 0);
  return Object.fromEntries(kept.map(([key, child]) => [key, key === name ? drop(child, below) : child]));
}
