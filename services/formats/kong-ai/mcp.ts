import type { Action, Outcome } from '../../core/event.ts';
import { isObject, type Reading } from '../reading.ts';
import type { Act, Place } from './act.ts';
import { checkedOf } from './actor.ts';
import { outcomeOf, type Shared } from './http.ts';

/** The JSON-RPC requests of an entry, then the decisions of its access rules. The service in front of a server names it. */
export function mcpActs(read: Reading, shared: Shared): readonly Act[] {
  const [requests, decisions] = [placesOf(read, 'rpc'), placesOf(read, 'audit')];
  if (requests.length + decisions.length === 0) return [];
  const server = read.text('service', 'name');
  return [
    ...requests.map((place) => requestAt(read, place, server, shared)),
    ...decisions.map((place) => decisionAt(read, place, server, shared)),
  ];
}

function placesOf(read: Reading, list: 'rpc' | 'audit'): readonly Place[] {
  const items = read.peek('ai', 'mcp', list);
  const places = Array.isArray(items) ? items.map((_, index): Place => ['ai', 'mcp', list, String(index)]) : [];
  return places.filter((place) => isObject(read.peek(...place)));
}

function requestAt(read: Reading, place: Place, server: string | undefined, shared: Shared): Act {
  const [method, tool, error] = ['method', 'tool_name', 'error'].map((name) => read.text(...place, name));
  const ended = outcomeOf(read);
  return {
    place,
    columns: {
      ...shared,
      action: actionOf(method),
      outcome: error === undefined || ended === 'denied' ? ended : 'failure',
      mcp_method: method,
      mcp_server: server,
      tool_name: tool,
      target: targetOf(server, tool),
      latency_ms: read.milliseconds(...place, 'latency'),
      error_message: error,
    },
  };
}

function actionOf(method: string | undefined): Action {
  if (method === 'tools/call') return 'mcp.tool.call';
  return method === 'initialize' ? 'mcp.server.connect' : 'mcp.request';
}

const DECISIONS: ReadonlyMap<string | undefined, readonly [Outcome, string]> = new Map([
  ['allow', ['success', 'accept']],
  ['deny', ['denied', 'reject']],
]);

function decisionAt(read: Reading, place: Place, server: string | undefined, shared: Shared): Act {
  const [outcome, decision] = DECISIONS.get(read.word(...place, 'action')) ?? ['unknown', undefined];
  if (decision !== undefined) read.take(...place, 'action');
  const name = read.text(...place, 'primitive_name');
  return {
    place,
    columns: {
      ...shared,
      action: 'permission.decision',
      outcome,
      decision,
      claims: checkedOf(read, place, shared.claims),
      mcp_server: server,
      tool_name: read.word(...place, 'primitive') === 'tool' ? name : undefined,
      policy: read.text(...place, 'scope'),
      target: targetOf(server, name),
    },
  };
}

function targetOf(server: string | undefined, name: string | undefined): string | undefined {
  return server === undefined || name === undefined ? (name ?? server) : `${server}/${name}`;
}
