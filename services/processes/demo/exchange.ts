import type { Person } from './company.ts';
import { turn } from './models.ts';
import type { Random } from './random.ts';
import type { Step, ToolEnd } from './session.ts';
import { anyTool } from './tools.ts';

const ASKS: readonly (readonly [ask: string, answer: string])[] = [
  ['why does the total round down', 'The total is cut to whole cents before tax is added.'],
  ['add a test for an empty cart', 'There is a test now; it passes.'],
  ['explain the router', 'Routes are matched in the order they are registered.'],
  ['rename the helper', 'It is called priceOf everywhere.'],
  ['the build is red, fix it', 'A type was missing; the build is green.'],
  ['write the migration', 'The migration adds one column and can be run twice.'],
];

/** One prompt, the model calls and tools it leads to, and the answer. */
export function exchange(person: Person | undefined, from: number, random: Random): readonly Step[] {
  const promptId = random.uuid();
  const [text, answer] = random.pick(ASKS);
  const steps: Step[] = [{ kind: 'prompt', text, at: from, promptId }];
  let at = from;
  for (let calls = random.integer(2, 5); calls > 0; calls--) {
    const usage = turn(random);
    const call = { usage, requestId: random.uuid(), overloaded: random.next() < 0.02 };
    at += usage.tookMs + random.integer(100, 900);
    steps.push({ kind: 'model', ...call, at, promptId });
    at += random.integer(800, 9_000);
    steps.push({ kind: 'tool', tool: anyTool(person, random), id: toolUse(random), end: anyEnd(random), at, promptId });
  }
  return [...steps, { kind: 'answer', text: answer, at: at + random.integer(900, 4_000), promptId }];
}

export const toolUse = (random: Random): string => `toolu_${random.hex(24)}`;

function anyEnd(random: Random): ToolEnd {
  const dice = random.next();
  if (dice < 0.05) return 'rejected';
  return dice < 0.09 ? 'failed' : 'done';
}
