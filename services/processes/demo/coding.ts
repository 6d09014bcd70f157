import { inTeams, type Person } from './company.ts';
import { exchange } from './exchange.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import { scriptedSessions } from './scripted-sessions.ts';
import { type Session, type Step, sessionOf } from './session.ts';

const SESSIONS = 200;

/** The day's sessions of Claude Code: what chance plays, and what the script is about. */
export function codingSessions(day: number, random: Random): readonly Session[] {
  const coders = inTeams('platform', 'payments', 'data', 'web');
  const wandering = Array.from({ length: SESSIONS }, () => {
    const person = random.pick(coders);
    return wander(person, workingTime(day, random), random);
  });
  return [...wandering, ...scriptedSessions(day, random)];
}

const SERVERS = ['jira', 'github', 'confluence'] as const;
function wander(person: Person, from: number, random: Random): Session {
  const server = { kind: 'server', server: random.pick(SERVERS), at: from + random.integer(300, 2_000) } as const;
  const steps: Step[] = [{ ...server, promptId: '' }];
  for (let prompts = random.integer(1, 4); prompts > 0; prompts--) {
    const pause = random.integer(5_000, 90_000);
    steps.push(...exchange(person, (steps.at(-1)?.at ?? from) + pause, random));
  }
  return {
    ...sessionOf(person, random.uuid(), steps),
    surface: random.next() < 0.15 ? 'desktop' : 'cli',
    permissionMode: random.next() < 0.3 ? 'acceptEdits' : 'default',
  };
}
