import { type Message, MINUTE } from './message.ts';
import { CANARIES } from './script.ts';

/** A message that arrives broken, and what quarantine says of it: the place and the fault, nothing of its words. */
export interface Broken {
  readonly topic: string;
  readonly minute: number;
  readonly value: string | readonly number[];
  readonly reason: string;
}

export const BROKEN: readonly Broken[] = [
  {
    topic: 'gateway.events',
    minute: 501,
    reason: 'byte 57: ends too early to be JSON',
    value: '{"id":"chatcmpl-1","model":"claude-opus-5","startTime":17',
  },
  {
    topic: 'gateway.events',
    minute: 540,
    reason: 'byte 6: is not UTF-8',
    value: [0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d],
  },
  {
    topic: 'gateway.events',
    minute: 615,
    reason: 'byte 0: is not JSON: a value should stand here',
    value: '<html><body>502 Bad Gateway</body></html>',
  },
  {
    topic: 'mcp.events',
    minute: 662,
    reason: 'message: no format of this topic knows it (obot, contextforge, envelope)',
    value: '{"hello":"world"}',
  },
  {
    topic: 'mcp.events',
    minute: 701,
    reason: 'action: is no action of the taxonomy; near it are mcp.tool.call, tool.call',
    value: '{"trailhouse":1,"time":"2026-06-01T11:41:00Z","action":"mcp.tool.cal","outcome":"success"}',
  },
  {
    topic: 'endpoint.events',
    minute: 745,
    reason: 'time: is no RFC 3339 time with a zone between 1970 and 2200',
    value: '{"trailhouse":1,"action":"file.read","outcome":"success","time":"yesterday"}',
  },
  {
    topic: 'endpoint.events',
    minute: 803,
    reason: 'tokens.prompt: is a number past 2^53, whose digits would be lost',
    value: '{"trailhouse":1,"action":"shell.exec","outcome":"success","tokens":{"prompt":9007199254740993}}',
  },
  { topic: 'endpoint.otlp', minute: 866, reason: 'resourceLogs.0: is cut off', value: [0x0a, 0xff, 0x01, 0x12, 0x03] },
  { topic: 'endpoint.otlp_json', minute: 921, reason: 'resourceLogs: is no list', value: '{"resourceLogs":"none"}' },
  {
    topic: 'compliance.events',
    minute: 990,
    reason: 'message: no format of this topic knows it (claude-compliance)',
    value: '[1,2,3]',
  },
  {
    topic: 'identity.events',
    minute: 1002,
    reason: 'user: is no field here; did you mean actor?',
    value: '{"trailhouse":1,"action":"auth.login","outcome":"success","user":"marco"}',
  },
  {
    topic: 'gateway.access',
    minute: 1014,
    reason: 'message: no format of this topic knows it (agentgateway)',
    value: 'panicked at proxy.rs:214: connection reset',
  },
  {
    topic: 'gateway.logs',
    minute: 1023,
    reason: 'message: no format of this topic knows it (kong-ai, envoy-ai-gateway, claude-apps-gateway, agentgateway)',
    value: `{"ts":1780000000,"evt":"inference","authorization":"Bearer ${CANARIES.slack}"}`,
  },
  {
    topic: 'gateway.spend',
    minute: 1031,
    reason: 'request_id: Too small: expected string to have >=1 characters',
    value: '{"request_id":"","call_type":"acompletion","spend":0.1,"startTime":"-"}',
  },
  {
    topic: 'endpoint.hooks',
    minute: 1039,
    reason: 'message: no format of this topic knows it (claude-code-hooks)',
    value: '{"session_id":"s","hook_event_name":"Post-Tool"}',
  },
];

export function broken(day: number): readonly Message[] {
  return BROKEN.map(({ topic, minute, value }) => ({ topic, at: day + minute * MINUTE, value: Buffer.from(value) }));
}
