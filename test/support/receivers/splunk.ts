import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { type Answer, answerWith, listen, Script } from './fault.ts';

/** Splunk's own ways to fail, beside those of any HTTP server. */
export type SplunkFault =
  /** Answers by this code and takes nothing. */
  | { readonly kind: 'hec'; readonly code: number; readonly repeat?: number }
  /** Takes the events, gives an ackId, and never indexes them. */
  | { readonly kind: 'unindexed'; readonly repeat?: number };

export interface SplunkOptions {
  readonly token?: string;
  readonly acknowledges?: boolean;
  /** Indexes the token may write; the first is its default. */
  readonly indexes?: readonly string[];
  readonly maxContentLength?: number;
  /** How many polls find a batch not yet indexed. */
  readonly slowPolls?: number;
  /** Session of a load balancer: polls without it reach another indexer. */
  readonly cookie?: string;
}

export interface Kept {
  readonly event_id: string;
  readonly time: number;
  readonly host: string;
  readonly source: string;
  readonly sourcetype: string;
  readonly index: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Pending {
  events: readonly Kept[];
  polls: number;
  readonly never: boolean;
}

export type SplunkReceiver = Awaited<ReturnType<typeof openSplunkReceiver>>;

const CHANNEL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const STATUS: Readonly<Record<number, number>> = {
  ...Object.fromEntries([0, 17, 24, 25].map((code) => [code, 200])),
  ...Object.fromEntries([1, 4].map((code) => [code, 403])),
  ...Object.fromEntries([2, 3].map((code) => [code, 401])),
  ...Object.fromEntries([9, 18, 19, 20, 23].map((code) => [code, 503])),
  ...Object.fromEntries([26, 27].map((code) => [code, 429])),
  8: 500,
};

const said = (code: number, rest: object = {}): Answer => ({
  status: STATUS[code] ?? 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: `words of Splunk for ${code}`, code, ...rest }),
});

/**
 * HTTP Event Collector as Splunk 10.4 answers, `/event` and `/ack`. Holds an event once it is indexed: at
 * once, but for `slowPolls` (when a poll finds it so) and `unindexed` (never).
 */
export async function openSplunkReceiver(options: SplunkOptions = {}) {
  const { acknowledges = true, slowPolls = 0, maxContentLength = 5_000_000, indexes = ['main'] } = options;
  let token = options.token ?? 'hec-token';
  let asksForAcks = acknowledges;
  const held: Kept[] = [];
  const script = new Script<SplunkFault>();
  const ackScript = new Script<SplunkFault>();
  const channels = new Map<string, { next: number; pending: Map<number, Pending> }>();
  const requests: { readonly path: string; readonly channel: string | undefined; readonly acks: number }[] = [];

  function take(request: IncomingMessage, raw: Buffer, never: boolean): Answer {
    const channel = channelOf(request);
    const refusal = unauthorised(request, token) ?? (asksForAcks ? badChannel(channel) : undefined);
    if (refusal !== undefined) return refusal;
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'gzip') return { status: 415, body: '<html>' };
    const body = encoding === 'gzip' ? gunzipSync(raw) : raw;
    if (body.length > maxContentLength) return { status: 413, body: '<html>too large' };
    if (body.toString().trim() === '') return said(5);

    const read = envelopes(body.toString(), indexes);
    const first = read.code === 7 ? 1 : 0;
    const fault = read.code === 0 ? {} : { 'invalid-event-number': read.kept.length + first };
    if (!asksForAcks || channel === undefined || read.kept.length === 0) {
      held.push(...read.kept);
      return said(read.code, fault);
    }
    const { pending, next } = channels.get(channel) ?? { pending: new Map<number, Pending>(), next: 0 };
    channels.set(channel, { pending, next: next + 1 });
    const prompt = slowPolls === 0 && !never;
    if (prompt) held.push(...read.kept);
    pending.set(next, { events: prompt ? [] : read.kept, polls: slowPolls, never });
    const answer = said(read.code, { ...fault, ackId: next });
    return options.cookie === undefined
      ? answer
      : { ...answer, headers: { 'set-cookie': `${options.cookie}; Path=/` } };
  }

  function acknowledge(request: IncomingMessage, raw: Buffer): Answer {
    const channel = channelOf(request);
    const refusal = unauthorised(request, token) ?? (asksForAcks ? badChannel(channel) : said(14));
    if (refusal !== undefined) return refusal;
    const asked = z.strictObject({ acks: z.array(z.int()).min(1) }).safeParse(JSON.parse(raw.toString()));
    if (!asked.success) return said(6);
    const here = options.cookie === undefined || request.headers.cookie === options.cookie;
    const pending = here ? channels.get(channel ?? '')?.pending : undefined;
    requests.push({ path: '/ack', channel, acks: asked.data.acks.length });
    const acks = Object.fromEntries(asked.data.acks.map((id) => [id, isIndexed(id, pending)]));
    return { status: 200, body: JSON.stringify({ acks }) };
  }

  /** True once; an id that is unknown, told or not yet indexed is false. */
  function isIndexed(id: number, pending: Map<number, Pending> | undefined): boolean {
    const batch = pending?.get(id);
    if (batch === undefined || batch.never || batch.polls-- > 0) return false;
    held.push(...batch.events);
    pending?.delete(id);
    return true;
  }

  const server = await listen(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://splunk').pathname;
    const isAck = path === '/services/collector/ack';
    const known = isAck || path === '/services/collector/event';
    if (!known || request.method !== 'POST') {
      const missing = { ...said(404), status: known ? 405 : 404 };
      return answerWith(undefined, request, response, () => missing);
    }
    if (!isAck) requests.push({ path: '/event', channel: channelOf(request), acks: 0 });
    const fault = (isAck ? ackScript : script).take();
    if (fault?.kind === 'hec') return answerWith(undefined, request, response, () => said(fault.code));
    const never = fault?.kind === 'unindexed';
    return answerWith(never ? undefined : fault, request, response, (body) =>
      isAck ? acknowledge(request, body) : take(request, body, never),
    );
  });

  return {
    ...server,
    /** What the indexer holds; an event sent twice stands here twice. */
    accepted: (): readonly Kept[] => held,
    requests: (): typeof requests => requests,
    script: (fault: Parameters<typeof script.add>[0]): void => script.add(fault),
    scriptAcks: (fault: Parameters<typeof ackScript.add>[0]): void => ackScript.add(fault),
    /** What was taken and not indexed is gone, and ids start over. */
    restart: (): void => channels.clear(),
    rotate(to: string): void {
      token = to;
    },
    setAcknowledges(to: boolean): void {
      asksForAcks = to;
    },
  };
}

function unauthorised({ headers }: IncomingMessage, token: string): Answer | undefined {
  if (headers.authorization === undefined) return said(2);
  if (!headers.authorization.startsWith('Splunk ')) return said(3);
  return headers.authorization === `Splunk ${token}` ? undefined : said(4);
}

function channelOf({ headers, url }: IncomingMessage): string | undefined {
  const named = headers['x-splunk-request-channel'];
  if (typeof named === 'string') return named;
  return new URL(url ?? '/', 'http://splunk').searchParams.get('channel') ?? undefined;
}

function badChannel(channel: string | undefined): Answer | undefined {
  if (channel === undefined) return said(10);
  return CHANNEL.test(channel) ? undefined : said(11);
}

const flat = z.union([z.string(), z.number(), z.boolean()]);
const envelope = z.object({
  time: z.number(),
  host: z.string(),
  source: z.string(),
  sourcetype: z.string(),
  index: z.string().optional(),
  event: z.record(z.string(), z.unknown()),
  fields: z.record(z.string(), z.unknown()),
});
const KEYS: ReadonlySet<string> = new Set(Object.keys(envelope.shape));

/** Objects up to the first at fault, and its code; an unknown key ends the batch in silence. */
function envelopes(
  text: string,
  indexes: readonly string[],
): { readonly kept: readonly Kept[]; readonly code: number } {
  const kept: Kept[] = [];
  for (const piece of objects(text)) {
    const value = parsed(piece);
    if (typeof value !== 'object' || value === null) return { kept, code: 6 };
    if (Object.keys(value).some((key) => !KEYS.has(key))) return { kept, code: 0 };
    if (!('event' in value)) return { kept, code: 12 };
    if (value.event === '' || value.event === ' ') return { kept, code: 13 };
    const read = envelope.safeParse(value);
    if (!read.success) return { kept, code: 6 };
    const { index = indexes[0] ?? '', event, fields } = read.data;
    const nested = Object.values(fields).some((field) => !z.union([flat, z.array(flat)]).safeParse(field).success);
    if (nested) return { kept, code: 15 };
    if (!indexes.includes(index)) return { kept, code: 7 };
    kept.push({ ...read.data, index, event_id: String(event.event_id) });
  }
  return { kept, code: 0 };
}

function parsed(piece: string): unknown {
  try {
    return JSON.parse(piece);
  } catch {
    return undefined;
  }
}

/** Splits concatenated JSON objects. */
function* objects(text: string): Generator<string> {
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth++;
    else if (!quoted && character === '}' && --depth === 0) {
      yield text.slice(start, at + 1);
      start = at + 1;
    }
  }
  if (text.slice(start).trim() !== '') yield text.slice(start);
}
