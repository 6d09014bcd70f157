import { byEmail, type Person, STAFF } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import { TRANSCRIPTS_KEPT, UNAPPROVED_SERVER, UNAPPROVED_USED } from './script.ts';

/** The company's endpoint agent: the browser, Claude Desktop and a coding tool without telemetry of its own. */
const SESSIONS = 245;

export function endpoints(day: number, random: Random): readonly Message[] {
  const sessions = Array.from({ length: SESSIONS }, (_, index) => {
    const kind = KINDS[index % KINDS.length] ?? browsing;
    const visit = { person: random.pick(STAFF), at: workingTime(day, random), session: random.uuid() };
    return session(visit, kind(random), random);
  });
  const scripted = ({ email, minute }: { readonly email: string; readonly minute: number }): Visit => ({
    person: byEmail(email),
    at: day + minute * MINUTE,
    session: random.uuid(),
  });
  return [
    ...sessions.flat(),
    ...session(scripted(TRANSCRIPTS_KEPT), [SETTINGS], random),
    ...session(scripted(UNAPPROVED_USED), server(UNAPPROVED_SERVER, ['create_paste']), random),
  ];
}

/** What the agent reads in the settings of one machine's Claude Code. */
const SETTINGS = {
  action: 'config.changed',
  surface: 'cli',
  product: { name: 'claude-code', version: '2.1.220' },
  target: '~/.claude/settings.json',
  attributes: { cleanupPeriodDays: TRANSCRIPTS_KEPT.days },
};

interface Visit {
  readonly person: Person;
  readonly at: number;
  readonly session: string;
}

/** Acts of a session, some seconds apart. */
function session({ person, at, session }: Visit, acts: readonly object[], random: Random): readonly Message[] {
  const { email, team, address, host } = person;
  let now = at;
  return acts.map((act) => {
    const time = now;
    now += random.integer(2_000, 60_000);
    return json('endpoint.events', time + 2_000, {
      trailhouse: 1,
      id: random.uuid(),
      time: iso(time),
      outcome: 'success',
      session,
      actor: { kind: 'user', email, team, basis: 'email_claim' },
      client: { address, host },
      ...act,
    });
  });
}

const web = { surface: 'web', product: { name: 'claude.ai' } };
const desktop = { surface: 'desktop', product: { name: 'claude-desktop', version: '1.4.2' } };
const cli = { surface: 'cli', product: { name: 'aider', version: '0.90.1' } };

function browsing(random: Random): readonly object[] {
  const file = random.pick(['quarterly-plan.pdf', 'minutes.docx', 'price-list.xlsx'] as const);
  return [
    { ...web, action: 'session.start' },
    { ...web, action: 'file.upload', target: file, files: [file] },
    { ...web, action: 'conversation.metadata', attributes: { messages: random.integer(2, 40) } },
    { ...web, action: 'session.end' },
  ];
}

function desktopWork(random: Random): readonly object[] {
  const calls = Array.from({ length: random.integer(1, 3) }, () => 'list_directory');
  const address = { ...desktop, action: 'network.request', target: 'https://api.weather.example/v1/today' };
  return [...server('filesystem', calls), address];
}

function server(name: string, tools: readonly string[]): readonly object[] {
  return [
    { ...desktop, action: 'mcp.server.connect', target: name, tool: { server: name } },
    ...tools.map((tool) => ({
      ...desktop,
      action: 'mcp.tool.call',
      target: `${name}/${tool}`,
      tool: { name: tool, server: name },
      content: { arguments: { path: 'Documents' } },
    })),
  ];
}

function coding(random: Random): readonly object[] {
  const file = random.pick(['src/billing/invoice.py', 'src/billing/tax.py', 'tests/test_tax.py'] as const);
  const refused = {
    ...cli,
    action: 'permission.decision',
    outcome: 'denied',
    tool: { name: 'shell' },
    command: 'rm -rf build',
    decision: { result: 'reject', source: 'user' },
  };
  return [
    { ...cli, action: 'tool.call', tool: { name: 'repo_map' } },
    { ...cli, action: 'file.read', target: file, files: [file] },
    { ...cli, action: 'file.write', target: file, files: [file] },
    { ...cli, action: 'shell.exec', command: 'pytest -q' },
    ...(random.next() < 0.2 ? [refused] : []),
  ];
}

const KINDS = [browsing, desktopWork, coding] as const;
