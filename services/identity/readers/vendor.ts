import type { z } from 'zod';
import type { Entry, PersonEntry, Sheet } from '../entry.ts';
import { faultOf } from './issue.ts';

/** How an identity provider exports its users: a list with one object each. */
export interface Vendor {
  /** Told by the keys of the first user. */
  detect(keys: ReadonlySet<string>): boolean;
  read(users: readonly unknown[]): Sheet;
}

export function defineVendor<S extends z.ZodType>(spec: {
  /** Keys of the form, which a reason may name. */
  readonly fields: readonly string[];
  readonly schema: S;
  detect(keys: ReadonlySet<string>): boolean;
  /** A text says what is wrong. */
  entry(user: z.output<S>, place: string): PersonEntry | string;
}): Vendor {
  function read(users: readonly unknown[]): Sheet {
    const entries: Entry[] = [];
    for (const [index, user] of users.entries()) {
      const parsed = spec.schema.safeParse(user);
      const entry = parsed.success ? spec.entry(parsed.data, `[${index}]`) : faultOf(parsed.error, spec.fields);
      if (typeof entry === 'string') return { kind: 'unreadable', reason: `[${index}]: ${entry}` };
      entries.push(entry);
    }
    return { kind: 'read', entries, warnings: [] };
  }
  return { detect: spec.detect, read };
}
