import { byEmail } from './company.ts';
import { exchange, toolUse } from './exchange.ts';
import { MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { CODING_ACTS, type CodingAct, LATE_NAMED, NEVER_NAMED, TRANSCRIPTS_KEPT } from './script.ts';
import { type Session, type Step, sessionOf } from './session.ts';
import { bash, edit, read, type Tool } from './tools.ts';

/** The sessions of Claude Code that the script is about. */
export function scriptedSessions(day: number, random: Random): readonly Session[] {
  const at = ({ minute }: { readonly minute: number }): number => day + minute * MINUTE;
  const acting = [...Map.groupBy(CODING_ACTS, ({ session }) => session)].map(([id, acts]) => {
    const steps = acts.flatMap((act) => stepsOf(act, at(act), random));
    return sessionOf(byEmail(acts[0]?.email ?? ''), id, steps);
  });
  const sweeper = byEmail(TRANSCRIPTS_KEPT.email);
  const sweep: Step = { kind: 'sweep', days: TRANSCRIPTS_KEPT.days, at: at(TRANSCRIPTS_KEPT), promptId: '' };
  const late = byEmail(LATE_NAMED.email);
  const nameless = sessionOf(late, NEVER_NAMED.session, exchange(undefined, at(NEVER_NAMED), random));
  return [
    ...acting,
    sessionOf(sweeper, TRANSCRIPTS_KEPT.session, [sweep]),
    { ...sessionOf(late, LATE_NAMED.session, exchange(late, at(LATE_NAMED), random)), route: 'bedrock' },
    { ...nameless, person: undefined, installation: NEVER_NAMED.installation, route: 'bedrock' },
  ];
}

/** What leads to an act, and the act. */
function stepsOf({ action, target, outcome }: CodingAct, at: number, random: Random): readonly Step[] {
  const promptId = random.uuid();
  if (action === 'config.changed') return [{ kind: 'mode', to: target, at, promptId: '' }];
  if (action === 'llm.prompt') return [{ kind: 'prompt', text: target, at, promptId }];
  const end = outcome === 'success' ? 'done' : action === 'file.read' ? 'forbidden' : 'rejected';
  return [
    { kind: 'prompt', text: 'roll this out', at: at - 9_000, promptId },
    { kind: 'tool', tool: toolOf(action, target), id: toolUse(random), end, at, promptId },
  ];
}

function toolOf(action: 'file.read' | 'file.write' | 'shell.exec', target: string): Tool {
  switch (action) {
    case 'file.read':
      return read(target);
    case 'file.write':
      return edit(target);
    case 'shell.exec':
      return bash(target);
  }
}
