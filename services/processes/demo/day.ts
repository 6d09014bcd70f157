import { agentgateway } from './agentgateway.ts';
import { appsGateway } from './apps-gateway.ts';
import { broken } from './broken.ts';
import { captures } from './captures.ts';
import { codingSessions } from './coding.ts';
import { compliance } from './compliance.ts';
import { endpoints } from './endpoints.ts';
import { envoy } from './envoy.ts';
import { type Call, gatewayCalls } from './gateway-calls.ts';
import { hooks } from './hooks.ts';
import { identity } from './identity.ts';
import { kong } from './kong.ts';
import { litellm } from './litellm.ts';
import { mcpGateways } from './mcp-gateways.ts';
import type { Message } from './message.ts';
import { type Random, randomFor } from './random.ts';
import { reviews } from './reviews.ts';
import type { Session } from './session.ts';
import { spendRows } from './spend.ts';
import { telemetry } from './telemetry.ts';

/** The seed of the day everybody sees. */
const SEED = 20_260_824;

const chance = (source: string): Random => randomFor(SEED, source);

/** The day's sessions of Claude Code, of which several sources tell. */
export const daySessions = (day: number): readonly Session[] => codingSessions(day, chance('sessions'));

/** The day's calls through the AI gateway: Claude Code tells of some of them too. */
export const dayCalls = (day: number): readonly Call[] => gatewayCalls(day, daySessions(day), chance('calls'));

/**
 * A working day at Alderbrook in the order the log receives it. `day` is its midnight UTC in milliseconds; the same day
 * gives the same bytes.
 */
export function demoDay(day: number): readonly Message[] {
  const sessions = daySessions(day);
  const all = [
    ...telemetry(sessions),
    ...hooks(sessions),
    ...litellm(dayCalls(day)),
    ...appsGateway(day, sessions, chance('apps')),
    ...spendRows(day, chance('spend')),
    ...kong(day, chance('kong')),
    ...envoy(day, chance('envoy')),
    ...agentgateway(day, chance('agentgateway')),
    ...mcpGateways(day, chance('mcp')),
    ...captures(day, sessions, chance('captures')),
    ...compliance(day, chance('compliance')),
    ...endpoints(day, chance('endpoints')),
    ...identity(day, chance('identity')),
    ...reviews(day, chance('reviews')),
    ...broken(day),
  ];
  return all.sort((a, b) => a.at - b.at);
}

/** The last whole day before now. */
export function lastDay(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - 1);
}
