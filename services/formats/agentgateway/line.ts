import type { Fields } from '../flat.ts';
import { readPairs } from './pairs.ts';

export interface Line {
  readonly fields: Fields;
  /** Whether the fields that say who called stand where only the gateway writes. */
  readonly attested: boolean;
}

export type LineRead = { readonly ok: true; readonly line: Line } | { readonly ok: false; readonly reason: string };

/** A request: time and level may be missing, as where a shipper keeps them elsewhere; the first key follows. */
const REQUEST =
  /^(?:(\d{4}-\d\d-\d\d[Tt]\S+)[ \t]+)?(?:(trace|debug|info|warn|error)[ \t]+)?(request)[ \t]+(?=[A-Za-z_][\w./-]*=)/;

/** What the gateway says about itself: the scope is a module's path, the rest of the line words. */
const OWN = /^(\d{4}-\d\d-\d\d[Tt]\S+)\t(trace|debug|info|warn|error)\t(\w+(?:::\w+)*)\t?/;

export const isLine = (text: string): boolean => REQUEST.test(text) || OWN.test(text);

/** Reads one line of the text format into the fields that the JSON format has. */
export function readLine(text: string): LineRead {
  const request = REQUEST.exec(text);
  const head = request ?? OWN.exec(text);
  if (head === null) return { ok: false, reason: 'is no line of agentgateway' };
  const [matched, time, level, scope] = head;
  const said = Object.entries({ time, level, scope }).filter(([, value]) => value !== undefined);
  const rest = text.slice(matched.length);
  if (request === null) return accepted([...said, ['message', rest]], false);

  const read = readPairs(rest);
  if (!read.ok) return read;
  const twice = said.find(([name]) => read.pairs.some(([key]) => key === name));
  if (twice !== undefined) return { ok: false, reason: `has ${twice[0]} twice` };
  return accepted([...said, ...read.pairs], isAttested(read.pairs));
}

/** From entries, so that a key may be called `__proto__`. */
const accepted = (entries: readonly (readonly [string, unknown])[], attested: boolean): LineRead => ({
  ok: true,
  line: { fields: Object.fromEntries(entries), attested },
});

const IDENTITIES = ['jwt.sub', 'src.identity'] as const;

/** The order in which agentgateway writes its own keys (telemetry/log.rs). */
const ORDER: readonly string[] = [
  'src.addr',
  'src.identity',
  'http.method',
  'http.host',
  'http.path',
  'http.version',
  'http.status',
  'grpc.status',
  'tls.sni',
  'trace.id',
  'span.id',
  'jwt.sub',
];

/** Behind them: what it read in the client's message, and fields that an operator configured. */
const BEHIND = /^(protocol|error|reason|duration|(a2a|mcp|gen_ai|agw|llm|inferencepool|retry)\..*)$/;

/** A host or a tool called `x jwt.sub=somebody` looks like one more field, but not in the place of the true one. */
function isAttested(pairs: readonly (readonly [string, string])[]): boolean {
  const keys = pairs.map(([key]) => key);
  const behind = keys.findIndex((key) => BEHIND.test(key));
  const own = behind === -1 ? keys : keys.slice(0, behind);
  const places = own.map((key) => ORDER.indexOf(key)).filter((place) => place !== -1);
  const inOrder = places.every((place, index) => place >= (places[index - 1] ?? 0));
  return inOrder && IDENTITIES.every((name) => own.includes(name) || !keys.includes(name));
}
