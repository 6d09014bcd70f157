import { grammar } from './hostile/grammar.ts';
import type { Hostile } from './hostile/message.ts';
import { otlpJson } from './hostile/otlp-json.ts';
import { protobuf } from './hostile/protobuf.ts';
import { shapes } from './hostile/shapes.ts';
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
