import { writeJson, writeProto } from '../../otlp/write.ts';
import { ENGINEERS, MODELS, ORGANISATION, type Person } from './company.ts';
import { type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { CONFIG_CHANGES, DENIED_CHANGE } from './script.ts';

/** Claude Code sessions, exported as OpenTelemetry logs in batches of a few records, as its 5-second exporter does. */

interface Tool {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

interface Session {
  readonly id: string;
  readonly person: Person;
  readonly at: number;
  readonly random: Random;
  readonly records: Rec[];
  sequence: number;
}

type Rec = Parameters<typeof writeProto>[0][number];

const FILES = [
  'src/app.ts',
  'src/cart/total.ts',
  'test/cart.test.ts',
  'README.md',
  'src/http/router.ts',
  'docs/setup.md',
] as const;
const COMMANDS = [
  'npm test',
  'git status',
  'git diff --stat',
  'ls -la src',
  'npx tsc --noEmit',
  'rg "TODO" src',
] as const;
const ASKS = [
  'why does the total round down',
  'add a test for an empty cart',
  'explain the router',
  'rename the helper',
] as const;

export function claudeCode(day: number, random: Random): Message[] {
  const messages: Message[] = [];
  for (let count = 0; count < 62; count++) {
    const person = random.pick(ENGINEERS);
    const at = day + random.integer(8 * 60, 17 * 60) * MINUTE;
    messages.push(...export_(wander(open(person, at, random)), count % 3 === 0));
  }
  for (const [index, change] of [...CONFIG_CHANGES, DENIED_CHANGE].entries()) {
    const session = open(personOf(change.email), day + change.minute * MINUTE, random);
    const tool = toolFor(change.action, change.target);
    say(session, 'user_prompt', { prompt: 'roll this out', prompt_length: 13 }, 0);
    const denied = change === DENIED_CHANGE;
    use(session, tool, denied ? 'reject' : 'accept', false);
    messages.push(...export_(session, index % 2 === 0));
  }
  return messages;
}

function open(person: Person, at: number, random: Random): Session {
  return { id: random.uuid(), person, at, random, records: [], sequence: 0 };
}

/** A few prompts, each with model calls and tools. */
function wander(session: Session): Session {
  const { random } = session;
  say(
    session,
    'mcp_server_connection',
    { status: 'connected', transport_type: 'stdio', server_scope: 'project', duration_ms: 41, server_name: 'jira' },
    0,
  );
  for (let prompt = 0; prompt < random.integer(1, 3); prompt++) {
    const ask = random.pick(ASKS);
    say(session, 'user_prompt', { prompt: ask, prompt_length: ask.length }, 20);
    for (let call = 0; call < random.integer(1, 3); call++) {
      request(session);
      use(session, anyTool(session), random.next() < 0.06 ? 'reject' : 'accept', random.next() < 0.04);
    }
  }
  if (random.next() < 0.1)
    say(
      session,
      'api_error',
      { model: MODELS[0], error: 'overloaded', status_code: 529, duration_ms: 812, attempt: 2 },
      2,
    );
  return session;
}

function request(session: Session): void {
  const { random } = session;
  const [input, output] = [random.integer(4, 900), random.integer(30, 1400)];
  say(
    session,
    'api_request',
    {
      model: random.pick(MODELS),
      cost_usd: (input * 3 + output * 15) / 1e6,
      cost_usd_micros: input * 3 + output * 15,
      duration_ms: String(random.integer(400, 9000)),
      input_tokens: String(input),
      output_tokens: String(output),
      cache_read_tokens: String(random.integer(0, 20_000)),
      cache_creation_tokens: String(random.integer(0, 2000)),
      request_id: `req_${random.hex(20)}`,
      query_source: 'repl_main_thread',
    },
    4,
  );
}

function anyTool({ random, person }: Session): Tool {
  const file = `/home/${person.email.split('@')[0]}/work/${random.pick(FILES)}`;
  return random.pick<Tool>([
    { name: 'Read', input: { file_path: file } },
    { name: 'Read', input: { file_path: file } },
    { name: 'Edit', input: { file_path: file, old_string: 'a', new_string: 'b' } },
    bash(random.pick(COMMANDS)),
    { name: 'WebFetch', input: { url: 'https://nodejs.org/api/fs.html', prompt: 'signature of open' } },
    {
      name: 'mcp__jira__get_issue',
      input: { key: `CART-${random.integer(1, 400)}` },
      parameters: { mcp_server_name: 'jira', mcp_tool_name: 'get_issue' },
    },
  ]);
}

function toolFor(action: 'file.write' | 'shell.exec', target: string): Tool {
  if (action === 'shell.exec') return bash(target);
  return { name: 'Edit', input: { file_path: target, old_string: 'replicas: 2', new_string: 'replicas: 3' } };
}

function bash(command: string): Tool {
  return {
    name: 'Bash',
    input: { command },
    parameters: { bash_command: command.split(' ')[0], full_command: command },
  };
}

/** A decision, and what came of it when it was accepted. */
function use(
  session: Session,
  { name, input, parameters }: Tool,
  decision: 'accept' | 'reject',
  failed: boolean,
): void {
  const { random } = session;
  const id = `toolu_${random.hex(24)}`;
  const details = { tool_parameters: JSON.stringify(parameters ?? input) };
  const source = decision === 'accept' ? 'config' : 'user_reject';
  say(
    session,
    'tool_decision',
    { tool_name: name, tool_use_id: id, decision, source, tool_source: 'builtin', ...details },
    1,
  );
  if (decision === 'reject') return;
  say(
    session,
    'tool_result',
    {
      tool_name: name,
      tool_use_id: id,
      success: String(!failed),
      duration_ms: String(random.integer(1, 4000)),
      ...(failed ? { error_type: 'ShellError', error: 'exit code 1' } : {}),
      decision_type: 'accept',
      decision_source: source,
      tool_input: JSON.stringify(input),
      tool_input_size_bytes: JSON.stringify(input).length,
      ...details,
    },
    2,
  );
}

function say(session: Session, name: string, attributes: Readonly<Record<string, unknown>>, seconds: number): void {
  const at = session.at + session.sequence * 3_000 + seconds * 100;
  session.records.push({
    resource: {
      attributes: {
        'service.name': 'claude-code',
        'service.version': '2.1.220',
        'os.type': 'linux',
        'host.arch': 'amd64',
      },
    },
    scope: { name: 'com.anthropic.claude_code.events', version: '2.1.220', attributes: {} },
    time_unix_nano: `${at}000000`,
    body: `claude_code.${name}`,
    attributes: {
      'event.name': name,
      'event.timestamp': new Date(at).toISOString(),
      'event.sequence': session.sequence,
      'session.id': session.id,
      'organization.id': ORGANISATION,
      'user.email': session.person.email,
      'user.account_uuid': session.person.account,
      'user.id': `${session.person.account.replaceAll('-', '')}${session.person.account.replaceAll('-', '')}`,
      'terminal.type': 'iTerm.app',
      ...attributes,
    },
  });
  session.sequence += 1;
}

/** Every few records are a message, some in protobuf, some in JSON, by the Collector that sent them. */
function export_({ records, at }: Session, asJson: boolean): Message[] {
  const messages: Message[] = [];
  for (let first = 0; first < records.length; first += 6) {
    const batch = records.slice(first, first + 6);
    const received = at + (first + batch.length) * 3_000 + 5_000;
    messages.push(
      asJson
        ? { topic: 'endpoint.otlp_json', at: received, value: Buffer.from(JSON.stringify(writeJson(batch))) }
        : { topic: 'endpoint.otlp', at: received, value: writeProto(batch) },
    );
  }
  return messages;
}

function personOf(email: string): Person {
  const found = ENGINEERS.find((person) => person.email === email);
  if (found === undefined) throw new Error(`the script names ${email}, who is no engineer`);
  return found;
}
