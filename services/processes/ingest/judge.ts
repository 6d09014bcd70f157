import { readJson } from '../../codec/json.ts';
import { readText } from '../../codec/text.ts';
import type { Encoding, Format, Verdict } from '../../core/format.ts';
import { readJson as readOtlpJson, readProto } from '../../otlp/read.ts';
import { maskText } from '../../privacy/mask.ts';

/** A verdict and, where one was found, the format that gave it. */
export type Judged = Verdict & { readonly format?: string };

type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/**
 * Bytes to verdict: decoded once by the topic's encoding, then read by the first of its formats that detects it. A reason
 * names the place by the message's own keys, and one of them may be a credential.
 */
export function judge(bytes: Uint8Array, encoding: Encoding, formats: readonly Format[]): Judged {
  const judged = read(bytes, encoding, formats);
  return judged.kind === 'accepted' ? judged : { ...judged, reason: maskText(judged.reason).text };
}

function read(bytes: Uint8Array, encoding: Encoding, formats: readonly Format[]): Judged {
  const decoded = decode(bytes, encoding);
  if (!decoded.ok) return { kind: 'rejected', reason: decoded.reason };
  const format = formats.find((candidate) => candidate.detect(decoded.value));
  if (format === undefined) {
    const names = formats.map(({ name }) => name).join(', ');
    return { kind: 'rejected', reason: `message: no format of this topic knows it (${names})` };
  }
  return { ...format.read(decoded.value), format: format.name };
}

function decode(bytes: Uint8Array, encoding: Encoding): Decoded {
  if (encoding === 'otlp_proto') return otlp(readProto(bytes));
  if (encoding === 'text') return readText(bytes);
  const json = readJson(bytes);
  if (!json.ok || encoding === 'json') return json;
  return otlp(readOtlpJson(json.value));
}

function otlp(read: ReturnType<typeof readProto>): Decoded {
  return 'error' in read ? { ok: false, reason: read.error } : { ok: true, value: read };
}
