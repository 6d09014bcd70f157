import type { z } from 'zod';
import { PEOPLE, type Person } from '../../services/processes/demo/company.ts';
import { daySessions, demoDay } from '../../services/processes/demo/day.ts';
import { NEVER_NAMED } from '../../services/processes/demo/script.ts';
import type { Step } from '../../services/processes/demo/session.ts';

/** What happened on the demo day, by what plays it and by its messages as they were sent: no format and no store between. */

/** Messages of the day. */
export const messages = kept(demoDay);
const sessions = kept(daySessions);

/** The same day is asked for again and again, and takes a second to play. */
function kept<T>(made: (day: number) => T): (day: number) => T {
  const all = new Map<number, T>();
  return (day) => {
    const found = all.get(day) ?? made(day);
    all.set(day, found);
    return found;
  };
}

/** Messages of a topic that are of a shape; what the day breaks on purpose is of none. */
export function said<S extends z.ZodType>(day: number, topic: string, shape: S): readonly z.output<S>[] {
  return messages(day).flatMap((message) => {
    if (message.topic !== topic) return [];
    const read = shape.safeParse(parsed(message.value));
    return read.success ? [read.data] : [];
  });
}

function parsed(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString());
  } catch {
    return undefined;
  }
}

export const codingSteps = (day: number) =>
  sessions(day).flatMap(({ person, route, steps }) => steps.map((step): Stepped => ({ person, route, step })));

interface Stepped {
  readonly person: Person | undefined;
  readonly route: string;
  readonly step: Step;
}

export function bySubject(subject: string): Person | undefined {
  return PEOPLE.find((person) => person.subject === subject);
}

/** Whom the trail names: an address, or the installation of somebody nobody knows. */
export const payer = (person: Person | undefined) =>
  person === undefined
    ? { team: '', project: '', person: NEVER_NAMED.installation }
    : { team: person.team, project: person.project, person: person.email };
