import { z } from 'zod';

/**
 * Checks a message by the schema that its shape asks for, and hands it on as it came: zod's copy leaves out a key spelt
 * `__proto__`, and no leaf may be lost. For schemas that only check; one that converts needs `whole`.
 */
export function unchanged<T>(schemaOf: (message: unknown) => z.ZodType<T>): z.ZodType<T> {
  return z.custom<T>().superRefine((message, context) => {
    for (const { path, message: wrong } of schemaOf(message).safeParse(message).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message: wrong });
  });
}
