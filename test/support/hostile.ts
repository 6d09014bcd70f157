import { grammar } from './hostile/grammar.ts';
import { LINE, lines } from './hostile/lines.ts';
import {
  ACCESS,
  around,
  CAPTURES,
  ENDPOINT,
  ENVELOPE,
  GATEWAY,
  GATEWAY_LOGS,
  HOOKS,
  type Hostile,
  hostile,
  MCP,
  OTLP_JSON,
  OTLP_PROTO,
  SPEND,
} from './hostile/message.ts';
import { EXPORT, otlpJson } from './hostile/otlp-json.ts';
import { BINARY_EXPORT, protobuf } from './hostile/protobuf.ts';
import { CONTEXTFORGE, LITELLM, OBOT, shapes } from './hostile/shapes.ts';
import { CAPTURE, clientShapes, FORWARDED, FRAME, HOOK } from './hostile/shapes-clients.ts';
import { AGENTGATEWAY, APPS_GATEWAY, ENVOY, gatewayShapes, KONG, SPEND_ROW } from './hostile/shapes-gateways.ts';
import { strangers } from './hostile/strangers.ts';
import { text } from './hostile/text.ts';

/**
 * Messages that no format should take, each wrong in one way: what arrives on a raw topic by accident, by a bug of its
 * sender, or from somebody who wishes the lane ill. Each must end in quarantine with its bytes and a reason that names the
 * place. Bytes are made when they are read: some are large.
 */
export function hostileMessages(): readonly Hostile[] {
  return [
    ...text(),
    ...grammar(),
    ...shapes(),
    ...clientShapes(),
    ...gatewayShapes(),
    ...lines(),
    ...strangers(),
    ...otlpJson(),
    ...protobuf(),
  ];
}

/** What the hostile ones are made from. These are to be taken: only what was changed is wrong with the others. */
export function soundMessages(): readonly Hostile[] {
  return [
    hostile(ENDPOINT, 'envelope', () => JSON.stringify(ENVELOPE)),
    hostile(ENDPOINT, 'envelope with content', () => around('{"text":"x"}')),
    hostile(GATEWAY, 'litellm', () => JSON.stringify(LITELLM)),
    hostile(GATEWAY, 'litellm, many', () => JSON.stringify([LITELLM, LITELLM])),
    hostile(MCP, 'obot', () => JSON.stringify(OBOT)),
    hostile(MCP, 'contextforge', () => JSON.stringify(CONTEXTFORGE)),
    hostile(HOOKS, 'a hook', () => JSON.stringify(HOOK)),
    hostile(HOOKS, 'a forwarded hook', () => JSON.stringify(FORWARDED)),
    hostile(CAPTURES, 'JSON-RPC', () => JSON.stringify(FRAME)),
    hostile(CAPTURES, 'a capture', () => JSON.stringify(CAPTURE)),
    hostile(SPEND, 'a spend row', () => JSON.stringify(SPEND_ROW)),
    hostile(SPEND, 'spend rows', () => JSON.stringify([SPEND_ROW, SPEND_ROW])),
    hostile(GATEWAY_LOGS, 'Kong', () => JSON.stringify(KONG)),
    hostile(GATEWAY_LOGS, "Kong's section alone", () => JSON.stringify([{ ai: KONG.ai }])),
    hostile(GATEWAY_LOGS, 'Envoy', () => JSON.stringify(ENVOY)),
    hostile(GATEWAY_LOGS, 'Claude apps gateway', () => JSON.stringify(APPS_GATEWAY)),
    hostile(GATEWAY_LOGS, 'agentgateway', () => JSON.stringify(AGENTGATEWAY)),
    hostile(ACCESS, 'lines of agentgateway', () => `${LINE}\r\n\n${LINE}\n`),
    hostile(OTLP_JSON, 'OTLP/JSON', () => JSON.stringify(EXPORT)),
    hostile(OTLP_PROTO, 'protobuf', () => BINARY_EXPORT),
  ];
}
