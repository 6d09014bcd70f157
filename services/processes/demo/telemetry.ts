import { writeJson, writeProto } from '../../otlp/write.ts';
import { ORGANISATION } from './company.ts';
import { iso, type Message } from './message.ts';
import type { Session, Step } from './session.ts';

/** What Claude Code exports of its sessions: OpenTelemetry logs in batches of a few records. */

type Written = Parameters<typeof writeProto>[0][number];
type Attributes = Readonly<Record<string, unknown>>;

const VERSION = '2.1.220';
const BATCH = 7;
const EXPORTED_AFTER_MS = 5_000;

/** A third of the Collectors write JSON. */
export function telemetry(sessions: readonly Session[]): readonly Message[] {
  return sessions.flatMap((session, index) => exported(recordsOf(session), index % 3 === 0));
}

function exported(records: readonly Written[], asJson: boolean): readonly Message[] {
  return Array.from({ length: Math.ceil(records.length / BATCH) }, (_, index) => {
    const batch = records.slice(index * BATCH, (index + 1) * BATCH);
    const at = Number(BigInt(batch.at(-1)?.time_unix_nano ?? 0) / 1_000_000n) + EXPORTED_AFTER_MS;
    return asJson
      ? { topic: 'endpoint.otlp_json', at, value: Buffer.from(JSON.stringify(writeJson(batch))) }
      : { topic: 'endpoint.otlp', at, value: writeProto(batch) };
  });
}

function recordsOf(session: Session): readonly Written[] {
  const { surface } = session;
  const service = surface === 'desktop' ? 'claude-code-desktop' : 'claude-code';
  const resource = {
    attributes: { 'service.name': service, 'service.version': VERSION, 'os.type': 'linux', 'host.arch': 'amd64' },
  };
  const scope = { name: 'com.anthropic.claude_code.events', version: VERSION, attributes: {} };
  const who = whoOf(session);
  return session.steps
    .flatMap((step) => eventsOf(step, session).map((event) => ({ ...event, at: step.at, promptId: step.promptId })))
    .map(({ name, attributes, at, promptId }, sequence) => ({
      resource,
      scope,
      time_unix_nano: `${at}000000`,
      body: `claude_code.${name}`,
      attributes: {
        'event.name': name,
        'event.timestamp': iso(at),
        'event.sequence': sequence,
        'session.id': session.id,
        ...(promptId === '' ? {} : { 'prompt.id': promptId }),
        'terminal.type': 'tmux',
        ...who,
        ...attributes,
      },
    }));
}

/** Behind a key of a gateway, and on Bedrock, Claude Code has no account: nothing but the installation's id. */
function whoOf({ person, route, installation }: Session): Attributes {
  if (person === undefined || route === 'litellm' || route === 'bedrock') return { 'user.id': installation };
  if (route === 'apps_gateway')
    return {
      'identity.source': 'gateway-oidc',
      'user.id': person.subject,
      'user.email': person.email,
      'user.groups': person.team,
    };
  return {
    'organization.id': ORGANISATION,
    'user.account_uuid': person.account,
    'user.email': person.email,
    'user.id': installation,
  };
}

interface Event {
  readonly name: string;
  readonly attributes: Attributes;
}

function eventsOf(step: Step, session: Session): readonly Event[] {
  switch (step.kind) {
    case 'server':
      return [
        event('mcp_server_connection', {
          status: 'connected',
          transport_type: 'stdio',
          server_scope: 'project',
          duration_ms: 41,
          server_name: step.server,
        }),
      ];
    case 'prompt':
      return [event('user_prompt', { prompt: step.text, prompt_length: step.text.length })];
    case 'answer':
      return [event('assistant_response', { response: step.text, response_length: step.text.length })];
    case 'model':
      return [modelCall(step, session)];
    case 'tool':
      return toolUse(step);
    case 'mode':
      return [event('permission_mode_changed', { from_mode: 'default', to_mode: step.to, trigger: 'shift_tab' })];
    case 'sweep':
      return [
        event('retention_sweep', {
          result: 'complete',
          period_days: step.days,
          used_default: 'false',
          transcripts_deleted: 0,
          files_retained_fresh: 212,
          files_past_cutoff: 0,
          error_count: 0,
        }),
      ];
  }
}

const event = (name: string, attributes: Attributes): Event => ({ name, attributes });

function modelCall(step: Extract<Step, { kind: 'model' }>, { route }: Session): Event {
  const { model, input, output, cacheRead, cacheWrite, costMicros, tookMs } = step.usage;
  if (step.overloaded)
    return event('api_error', {
      model: model.name,
      error: 'overloaded',
      status_code: 529,
      duration_ms: String(tookMs),
      attempt: 2,
      ...(route === 'bedrock' ? {} : { request_id: step.requestId }),
    });
  return event('api_request', {
    model: model.name,
    cost_usd: costMicros / 1e6,
    cost_usd_micros: costMicros,
    duration_ms: String(tookMs),
    input_tokens: String(input),
    output_tokens: String(output),
    cache_read_tokens: String(cacheRead),
    cache_creation_tokens: String(cacheWrite),
    ...(route === 'bedrock' ? {} : { request_id: step.requestId }),
    query_source: 'repl_main_thread',
  });
}

/** Where a decision came from: the person, or the settings. */
const SOURCES = { done: 'config', failed: 'config', rejected: 'user_reject', forbidden: 'config' } as const;

/** A decision, and what came of it when it was accepted. */
function toolUse({ tool, id, end }: Extract<Step, { kind: 'tool' }>): readonly Event[] {
  const call = { tool_name: tool.name, tool_use_id: id, tool_parameters: JSON.stringify(tool.parameters) };
  const refused = end === 'rejected' || end === 'forbidden';
  const source = SOURCES[end];
  const decision = event('tool_decision', {
    ...call,
    decision: refused ? 'reject' : 'accept',
    source,
    tool_source: tool.source,
  });
  if (refused) return [decision];
  const input = JSON.stringify(tool.input);
  const result = event('tool_result', {
    ...call,
    success: String(end === 'done'),
    duration_ms: String(20 + input.length * 7),
    ...(end === 'failed' ? { error_type: 'ShellError', error: 'exit code 1' } : {}),
    decision_type: 'accept',
    decision_source: source,
    tool_input: input,
    tool_input_size_bytes: input.length,
  });
  return [decision, result];
}
