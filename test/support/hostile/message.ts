import type { Encoding } from '../../../services/core/format.ts';

/** A message that must be refused, and where it is sent. */
export interface Hostile {
  readonly name: string;
  readonly topic:
    | `gateway.${'events' | 'logs' | 'spend' | 'access'}`
    | `mcp.${'events' | 'captures'}`
    | `endpoint.${'events' | 'hooks'}`;
  readonly encoding: Encoding;
  /** Made anew at every reading. */
  readonly value: Uint8Array;
  /** What the reason must say, where that is certain. */
  readonly place?: RegExp;
}

/** A message by what makes its bytes. */
export function hostile(
  to: Pick<Hostile, 'topic' | 'encoding'>,
  name: string,
  make: () => Uint8Array | string,
  place?: RegExp,
): Hostile {
  return {
    ...to,
    name,
    get value() {
      const made = make();
      return typeof made === 'string' ? Buffer.from(made) : made;
    },
    ...(place === undefined ? {} : { place }),
  };
}

export const GATEWAY = { topic: 'gateway.events', encoding: 'json' } as const;
export const MCP = { topic: 'mcp.events', encoding: 'json' } as const;
export const ENDPOINT = { topic: 'endpoint.events', encoding: 'json' } as const;
export const GATEWAY_LOGS = { topic: 'gateway.logs', encoding: 'json' } as const;
export const SPEND = { topic: 'gateway.spend', encoding: 'json' } as const;
export const ACCESS = { topic: 'gateway.access', encoding: 'text' } as const;
export const CAPTURES = { topic: 'mcp.captures', encoding: 'json' } as const;
export const HOOKS = { topic: 'endpoint.hooks', encoding: 'json' } as const;
export const OTLP_JSON = { topic: 'endpoint.events', encoding: 'otlp_json' } as const;
export const OTLP_PROTO = { topic: 'endpoint.events', encoding: 'otlp_proto' } as const;

/** A sound event of Trailhouse's envelope: what is wrong with a message made from it is what was put into it. */
export const ENVELOPE = {
  trailhouse: 1,
  id: 'hostile-1',
  time: '2026-01-05T10:00:00Z',
  action: 'file.read',
  outcome: 'success',
  actor: { kind: 'user', basis: 'email_claim', email: 'mara.lind@alderbrook.example' },
  files: ['notes.md'],
} as const;

/** The envelope's bytes with these after `"content":`, as they are. */
export function around(raw: Uint8Array | string): Uint8Array {
  const whole = JSON.stringify({ ...ENVELOPE, content: null });
  const before = whole.slice(0, whole.lastIndexOf('null'));
  return Buffer.concat([Buffer.from(before), typeof raw === 'string' ? Buffer.from(raw) : raw, Buffer.from('}')]);
}

/** The message with another value at a path; undefined takes the field out. */
export function altered(message: unknown, [name, ...below]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const object: object = typeof message === 'object' && message !== null ? message : {};
  const old = Object.getOwnPropertyDescriptor(object, name)?.value;
  if (Array.isArray(message))
    return message.map((item, index) => (String(index) === name ? altered(item, below, value) : item));
  return { ...object, [name]: altered(old, below, value) };
}

/** How a fault is written in the name of a message. */
export function said(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
