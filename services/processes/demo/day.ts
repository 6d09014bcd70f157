import { broken } from './broken.ts';
import { claudeCode } from './claude-code.ts';
import { litellm, mcpGateways } from './gateways.ts';
import type { Message } from './message.ts';
import { random } from './random.ts';
import { activities, endpoints } from './surfaces.ts';

/** The seed of the day everybody sees. */
const SEED = 20_260_824;

/**
 * A working day at Alderbrook in the order the log receives it. `day` is its midnight UTC in milliseconds; the same day
 * gives the same bytes.
 */
export function demoDay(day: number): readonly Message[] {
  const seeded = random(SEED);
  const all = [
    ...claudeCode(day, seeded),
    ...litellm(day, seeded),
    ...mcpGateways(day, seeded),
    ...activities(day, seeded),
    ...endpoints(day, seeded),
    ...broken(day),
  ];
  return all.sort((a, b) => a.at - b.at);
}

/** The last whole day before now. */
export function lastDay(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - 1);
}
