import { inTeams, type Person, STAFF } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import type { Session } from './session.ts';

/** The Claude apps gateway: it signs in the platform team's Claude Code and every Claude Desktop, and calls models for them. */
export function appsGateway(day: number, sessions: readonly Session[], random: Random): readonly Message[] {
  return [
    line(day + 5 * 60 * MINUTE, 'config.load', { path: '/etc/claude/gateway.yaml', sha256: random.hex(64) }),
    ...STAFF.flatMap((person) => desktop(person, day, random)),
    ...inTeams('platform').flatMap((person) => signedIn(person, day, random)),
    ...sessions.flatMap((session) => inference(session)),
  ];
}

function desktop(person: Person, day: number, random: Random): readonly Message[] {
  const at = day + random.integer(8 * 60, 9 * 60) * MINUTE;
  return [line(at, 'desktop_bootstrap.serve', whose(person))];
}

/** A sign-in in the morning, renewed every hour of the day's work. */
function signedIn(person: Person, day: number, random: Random): readonly Message[] {
  const at = day + random.integer(7 * 60, 8 * 60) * MINUTE;
  const renewed = Array.from({ length: 8 }, (_, hour) => at + (hour + 1) * 60 * MINUTE);
  return [
    line(at, 'session.mint', { ...whose(person), result: 'success', ttl_hours: 1 }),
    ...renewed.map((moment) => line(moment, 'session.refresh', { ...whose(person), result: 'success', same: true })),
    line(at + MINUTE, 'managed.serve', whose(person)),
  ];
}

function inference({ person, route, steps }: Session): readonly Message[] {
  if (person === undefined || route !== 'apps_gateway') return [];
  return steps.flatMap((step) => {
    if (step.kind !== 'model') return [];
    const { model, tookMs } = step.usage;
    const status = step.overloaded ? 529 : 200;
    const call = { upstream: 'anthropic', model: model.name, status, ms: tookMs, request_id: step.requestId };
    return [line(step.at, 'inference', { ...whose(person), ...call })];
  });
}

const whose = ({ subject, email, address }: Person) => ({ sub: subject, email, client_ip: address });

function line(at: number, evt: string, fields: object): Message {
  return json('gateway.logs', at + 800, { ts: iso(at), evt, ...fields });
}
