import { grammar } from './hostile/grammar.ts';
import {
  around,
  ENDPOINT,
  ENVELOPE,
  GATEWAY,
  type Hostile,
  hostile,
  MCP,
  OTLP_JSON,
  OTLP_PROTO,
} from './hostile/message.ts';
import { EXPORT, otlpJson } from './hostile/otlp-json.ts';
import { BINARY_EXPORT, protobuf } from './hostile/protobuf.ts';
import { CONTEXTFORGE, LITELLM, OBOT, shapes } from './hostile/shapes.ts';
import { strangers } from './hostile/strangers.ts';
import { text } from './hostile/text.ts';

/**
 * Messages that no format should take, each wrong in one way: what arrives on a raw topic by accident, by a bug of its
 * sender, or from somebody who wishes the lane ill. Each must end in quarantine with its bytes and a reason that names the
 * place. Bytes are made when they are read: some are large.
 */
export function hostileMessages(): readonly Hostile[] {
  return [...text(), ...grammar(), ...shapes(), ...strangers(), ...otlpJson(), ...protobuf()];
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
    hostile(OTLP_JSON, 'OTLP/JSON', () => JSON.stringify(EXPORT)),
    hostile(OTLP_PROTO, 'protobuf', () => BINARY_EXPORT),
  ];
}
