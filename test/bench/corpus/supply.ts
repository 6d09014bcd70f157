import { createHash } from 'node:crypto';
import type { Company } from './company.ts';
import { type Message, messages, type Workload } from './messages.ts';

/** Messages, and what must come of them. */
export interface Supplied {
  readonly messages: readonly Message[];
  /** How many become an event; each has content. */
  readonly events: number;
  readonly quarantined: number;
}

/** A corpus that is taken piece by piece. */
export interface Supply {
  take(count: number): Supplied;
  /** How many messages were taken, and the SHA-256 of their values, each with a line break after it. */
  told(): string;
}

export function supply(workload: Workload, company: Company): Supply {
  const source = messages(workload, company);
  const hash = createHash('sha256');
  let total = 0;
  return {
    take(count) {
      const taken = Array.from({ length: count }, () => source.next().value);
      for (const { value } of taken) hash.update(value).update('\n');
      total += count;
      const quarantined = taken.filter(({ kind }) => kind === 'invalid').length;
      return { messages: taken, events: count - quarantined, quarantined };
    },
    told: () => `${total} messages, SHA-256 ${hash.copy().digest('hex')}`,
  };
}
