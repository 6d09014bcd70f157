import { ENDPOINT, ENVELOPE, GATEWAY, type Hostile, hostile, MCP } from './message.ts';
import { OBJECTS, PLACE, type Wrong, wrongs } from './wrong.ts';

/** Events of the envelope and of gateways' audit logs with one field that is of the wrong kind, out of range or missing. */
export function shapes(): readonly Hostile[] {
  return [...envelope(), ...batches(), ...litellm(), ...obot(), ...contextforge()];
}

const IN_ENVELOPE: readonly Wrong[] = [
  ['trailhouse', 0, 2, '1', true, null],
  ['time', undefined, null, 0, {}, [], '', 'yesterday', '2026-01-05', '2026-01-05T10:00:00', '05/01/2026 10:00'],
  ['time', '2026-02-30T10:00:00Z', '2026-13-01T00:00:00Z', '2026-01-05T25:00:00Z', '10000-01-01T00:00:00Z'],
  ['time', '+010000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
  ['action', undefined, null, 1, {}, '', 'file.reed', 'FILE.READ', 'constructor', '__proto__', 'file.read\n'],
  ['outcome', undefined, null, true, 1, '', 'ok', 'SUCCESS', ['success']],
  ['id', 1, ...OBJECTS],
  ['surface', 'phone', 1, ...OBJECTS],
  ['severity', 'fatal', 3],
  ['session', 1, true, ...OBJECTS],
  ['actor', 'mara', 1, [], {}, { basis: 'trust me' }, { basis: 'idp' }],
  ['actor.email', 1, ['a@b.example']],
  ['actor.groups', 'admins', [1]],
  ['tokens', 12, 'many', []],
  ['tokens.prompt', -1, 1.5, '12', true, 2 ** 53 - 1, {}],
  ['tokens.completion', -1, '7', []],
  ['cost_usd', -0.01, '0.1', 1e15, {}],
  ['cost_micro_usd', -1, 0.5, '1'],
  ['latency_ms', -5, 'fast', []],
  ['files', 'notes.md', { 0: 'notes.md' }, [1], [''], [null]],
  ['command', ['rm', '-rf'], { argv: [] }, 1],
  ['guardrails', {}, 'none', [1], [{}], [{ name: '' }], [{ name: 'x', verdict: 'maybe' }]],
  ['attributes', [], 'x', { nested: { a: 1 } }, { long: 'x'.repeat(1025) }],
  ['trace_id', '0'.repeat(32), 'abc', 'ABCDEF0123456789ABCDEF0123456789', 1],
  ['span_id', '0'.repeat(16), 'xyz'],
  ['traceparent', '00-abc-def-01', 'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  ['status_code', '200', 1.5, {}],
  ['model', 'claude', ['claude']],
  ['tool', 'Bash', []],
  ['client', '10.0.0.1', []],
  ['error', 'failed', []],
  ['product', 'claude-code', 1],
];

function envelope(): Hostile[] {
  const slips: readonly (readonly [string, object])[] = [
    ['a misspelt outcome', { ...ENVELOPE, outcome: undefined, outcom: 'denied' }],
    ['a misspelt field beside the sound ones', { ...ENVELOPE, sesion: 's-1' }],
    ['an actor under another name', { ...ENVELOPE, actor: undefined, user_email: 'a@b.example' }],
    ['two costs', { ...ENVELOPE, cost_usd: 1, cost_micro_usd: 1_000_000 }],
    ['cached tokens beyond all tokens', { ...ENVELOPE, tokens: { prompt: 1, cache_read: 2 } }],
  ];
  return [
    ...wrongs(ENDPOINT, 'envelope', ENVELOPE, IN_ENVELOPE),
    ...slips.map(([name, message]) => hostile(ENDPOINT, `envelope: ${name}`, () => JSON.stringify(message), PLACE)),
  ];
}

function batches(): Hostile[] {
  const { id: _, ...shared } = ENVELOPE;
  const event = { id: 'hostile-2' };
  const all: readonly (readonly [string, unknown])[] = [
    ['no events', []],
    ['events that are no list', event],
    ['a text among the events', [event, 'event']],
    ['null among the events', [null, event]],
    ['events in events', [{ events: [event] }]],
    ['an event that overrides the batch', [event, { outcome: 'denied' }]],
    ['one bad event among good ones', [event, event, { ...event, session: 7 }]],
    ['10,000 events and the last one bad', [...Array.from({ length: 9_999 }, () => event), { session: 7 }]],
  ];
  return all.map(([name, events]) =>
    hostile(ENDPOINT, `batch: ${name}`, () => JSON.stringify({ ...shared, events }), /^events/),
  );
}

/** As small as LiteLLM's StandardLoggingPayload can be and still be told from others. */
export const LITELLM = {
  id: 'chatcmpl-1',
  call_type: 'acompletion',
  startTime: 1_767_607_200.5,
  model: 'claude-opus-5',
};

function litellm(): Hostile[] {
  const all: readonly Wrong[] = [
    ['id', undefined, null, '', 1, ...OBJECTS],
    ['call_type', undefined, null, 1, ...OBJECTS],
  ];
  return [
    ...wrongs(GATEWAY, 'litellm', LITELLM, all),
    hostile(
      GATEWAY,
      'litellm: one payload in a batch without an id',
      () => JSON.stringify([LITELLM, { ...LITELLM, id: undefined }]),
      PLACE,
    ),
    hostile(GATEWAY, 'litellm: a text in a batch', () => JSON.stringify([LITELLM, 'payload']), PLACE),
    hostile(GATEWAY, 'litellm: null in a batch', () => JSON.stringify([null, LITELLM]), PLACE),
    hostile(GATEWAY, 'litellm: a batch in a batch', () => JSON.stringify([LITELLM, [LITELLM]]), PLACE),
  ];
}

export const OBOT = {
  id: 12,
  timestamp: { occurredAt: '2026-01-05T10:00:00Z' },
  eventType: 'mcp',
  actor: { actorType: 'user', id: '7' },
  action: { operation: 'tools/call', name: 'list' },
  outcome: { status: 'success', httpStatus: 200, durationMs: 12 },
};

function obot(): Hostile[] {
  return wrongs(MCP, 'obot', OBOT, [
    ['id', null, -1, 1.5, true, {}],
    ['timestamp', undefined, null, '2026-01-05T10:00:00Z', 0, []],
    ['timestamp.occurredAt', undefined, null, 0, {}],
    ['eventType', undefined, null, 1, []],
    ['actor', undefined, null, 'mara'],
    ['actor.id', 7, {}],
    ['action', undefined, null, 'tools/call'],
    ['outcome', undefined, null, 'success', []],
    ['outcome.status', undefined, null, true],
    ['outcome.httpStatus', '200', 1.5, {}],
    ['outcome.durationMs', 'fast', {}],
    ['target', 1, 'server', []],
    ['details', 'none', []],
  ]);
}

export const CONTEXTFORGE = {
  id: 'a1',
  timestamp: '2026-01-05T10:00:00Z',
  action: 'EXECUTE',
  resource_type: 'tool',
  resource_name: 'jira-search',
  success: true,
};

function contextforge(): Hostile[] {
  return wrongs(MCP, 'contextforge', CONTEXTFORGE, [
    ['timestamp', undefined, null, 0, {}],
    ['action', undefined, null, 1, []],
    ['resource_type', undefined, null, 1, {}],
    ['success', undefined, null, 'true', 1],
    ['id', true, -1, 1.5, {}],
    ['user_email', 1, {}],
    ['client_ip', 1, ['10.0.0.1']],
    ['error_message', {}, 1],
  ]);
}
