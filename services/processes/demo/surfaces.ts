import { ORGANISATION, PEOPLE, type Person } from './company.ts';
import { json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';

/** claude.ai's own activity feed, and the company's endpoint agent, which speaks Trailhouse's envelope. */

const ACTIVITIES = [
  'claude_chat_created',
  'claude_chat_created',
  'claude_chat_viewed',
  'claude_file_uploaded',
  'claude_project_created',
  'claude_chat_deleted',
  'sso_login_succeeded',
  'sso_login_succeeded',
  'org_user_invite_sent',
  'api_key_created',
] as const;

export function activities(day: number, random: Random): Message[] {
  return Array.from({ length: 150 }, () => {
    const person = random.pick(PEOPLE);
    const at = day + random.integer(7 * 60, 19 * 60) * MINUTE + random.integer(0, 59_999);
    const type = random.pick(ACTIVITIES);
    return json('compliance.events', at + 60_000, {
      id: `activity_${random.hex(24)}`,
      created_at: new Date(at).toISOString(),
      organization_id: `org_${random.hex(20)}`,
      organization_uuid: ORGANISATION,
      actor: {
        type: 'user_actor',
        email_address: person.email,
        user_id: `user_${person.account.slice(-12)}`,
        ip_address: person.address,
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      },
      type,
      ...(type.startsWith('claude_chat') ? { claude_chat_id: `claude_chat_${random.hex(20)}` } : {}),
      ...(type === 'claude_file_uploaded'
        ? { claude_file_id: `claude_file_${random.hex(20)}`, filename: 'minutes.docx' }
        : {}),
      ...(type === 'api_key_created' ? { api_key_id: `apikey_${random.hex(20)}`, scopes: ['org:read'] } : {}),
    });
  });
}

export function endpoints(day: number, random: Random): Message[] {
  return Array.from({ length: 240 }, (_, index) => {
    const person = random.pick(PEOPLE);
    const at = day + random.integer(8 * 60, 18 * 60) * MINUTE + random.integer(0, 59_999);
    return json('endpoint.events', at + 2_000, { ...base(person, at, random), ...ACTS[index % ACTS.length]?.(random) });
  });
}

function base(person: Person, at: number, random: Random): Readonly<Record<string, unknown>> {
  return {
    trailhouse: 1,
    id: random.uuid(),
    time: new Date(at).toISOString(),
    actor: { kind: 'user', email: person.email, team: person.team, basis: 'email_claim' },
    session: random.uuid(),
    client: { address: person.address, host: person.host },
  };
}

const web = { surface: 'web', product: { name: 'claude.ai' } };
const desktop = { surface: 'desktop', product: { name: 'claude-desktop', version: '1.4.2' } };
const cli = { surface: 'cli', product: { name: 'aider', version: '0.90.1' } };

const ACTS: readonly ((random: Random) => object)[] = [
  () => ({ ...web, action: 'session.start', outcome: 'success' }),
  () => ({
    ...web,
    action: 'file.upload',
    outcome: 'success',
    target: 'quarterly-plan.pdf',
    files: ['quarterly-plan.pdf'],
  }),
  (random) => ({
    ...web,
    action: 'conversation.metadata',
    outcome: 'success',
    attributes: { messages: random.integer(2, 40) },
  }),
  () => ({ ...web, action: 'session.end', outcome: 'success' }),
  () => ({
    ...desktop,
    action: 'mcp.server.connect',
    outcome: 'success',
    tool: { server: 'filesystem' },
    target: 'filesystem',
  }),
  (random) => ({
    ...desktop,
    action: 'mcp.tool.call',
    outcome: 'success',
    tool: { name: 'list_directory', server: 'filesystem' },
    latency_ms: random.integer(1, 40),
    content: { arguments: { path: 'Documents' } },
  }),
  () => ({ ...desktop, action: 'network.request', outcome: 'success', target: 'https://api.weather.example/v1/today' }),
  () => ({ ...cli, action: 'tool.call', outcome: 'success', tool: { name: 'repo_map' } }),
  () => ({
    ...cli,
    action: 'file.read',
    outcome: 'success',
    files: ['src/billing/invoice.py'],
    target: 'src/billing/invoice.py',
  }),
  () => ({ ...cli, action: 'shell.exec', outcome: 'success', command: 'pytest -q' }),
  () => ({
    ...cli,
    action: 'permission.decision',
    outcome: 'denied',
    tool: { name: 'shell' },
    command: 'rm -rf build',
    decision: { result: 'reject', source: 'user' },
  }),
  () => ({
    ...cli,
    action: 'shell.exec',
    outcome: 'success',
    command: `curl -H "Authorization: Bearer ${'demo'.repeat(8)}" https://ci.alderbrook.example/run`,
  }),
];
