import type { IncomingMessage } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import { type Answer, answerWith, type Fault, listen, Script } from './fault.ts';

export type DatadogFault = Fault;

export interface DatadogOptions {
  readonly apiKey?: string;
  /** Time as the intake knows it: what it keeps depends on it. */
  readonly now?: () => Date;
}

/** What Datadog does to a log behind its 202, or what breaks a limit it names. */
export type Flaw = 'too_old' | 'too_new' | 'truncated' | 'too_many_attributes' | 'too_many_tags';

export interface Kept {
  readonly event_id: string;
  /** As received. */
  readonly log: Readonly<Record<string, unknown>>;
  readonly flaws: readonly Flaw[];
}

export type DatadogReceiver = Awaited<ReturnType<typeof openDatadogReceiver>>;

const MAX_PAYLOAD_BYTES = 5_000_000;
const MAX_LOG_BYTES = 1_000_000;
const MAX_LOGS = 1_000;
const MAX_TAGS = 100;
const MAX_ATTRIBUTES = 256;
const HOUR_MS = 3_600_000;

/** Datadog's logs intake, `POST /api/v2/logs`, by its published contract. It answers before it looks at single logs. */
export async function openDatadogReceiver(options: DatadogOptions = {}) {
  const { now = () => new Date() } = options;
  let apiKey = options.apiKey ?? 'dd-key';
  const received: Kept[] = [];
  const script = new Script<never>();

  function take(request: IncomingMessage, raw: Buffer): Answer {
    const refusal = unauthorised(request, apiKey);
    if (refusal !== undefined) return refusal;
    if (request.headers['content-type'] !== 'application/json') return refused(400, 'content type');
    const body = unpacked(request, raw);
    if (body === undefined) return refused(400, 'content encoding');
    if (body.length > MAX_PAYLOAD_BYTES) return refused(413, 'payload');
    const logs = logsIn(body.toString());
    if (logs === undefined) return refused(400, 'payload');
    received.push(...logs.map((log) => ({ event_id: log.evt.id, log, flaws: flawsOf(log, now().getTime()) })));
    return { status: 202, headers: JSON_TYPE, body: '{}' };
  }

  const server = await listen(async (request, response) => {
    const isIntake = request.method === 'POST' && request.url === '/api/v2/logs';
    if (!isIntake) return answerWith(undefined, request, response, () => refused(404, 'path'));
    await answerWith(script.take(), request, response, (body) => take(request, body));
  });

  return {
    ...server,
    /** What can be found at Datadog; an event sent twice stands here twice. */
    accepted: (): readonly Kept[] => received.filter(({ flaws }) => !flaws.some((flaw) => DROPPED.has(flaw))),
    /** What was answered with 202 and is not kept, not kept whole, or breaks a limit. */
    flawed: (): readonly Kept[] => received.filter(({ flaws }) => flaws.length > 0),
    script: (fault: DatadogFault): void => script.add(fault),
    rotate(to: string): void {
      apiKey = to;
    },
  };
}

const DROPPED: ReadonlySet<Flaw> = new Set(['too_old', 'too_new']);
const JSON_TYPE = { 'content-type': 'application/json' };

const refused = (status: number, detail: string): Answer => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ errors: [{ status: String(status), title: 'words of Datadog', detail }] }),
});

function unauthorised({ headers }: IncomingMessage, apiKey: string): Answer | undefined {
  const given = headers['dd-api-key'];
  if (given === undefined) return refused(401, 'API key is missing');
  return given === apiKey ? undefined : refused(403, 'API key is invalid');
}

const UNPACK: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
  ['gzip', (bytes: Buffer) => gunzipSync(bytes)],
  ['deflate', (bytes: Buffer) => inflateSync(bytes)],
  ['identity', (bytes: Buffer) => bytes],
]);

function unpacked({ headers }: IncomingMessage, raw: Buffer): Buffer | undefined {
  try {
    return UNPACK.get(headers['content-encoding'] ?? 'identity')?.(raw);
  } catch {
    return undefined;
  }
}

const text = z.string().min(1);
/** The intake itself asks for `message` alone; an exporter's logs without the others would be worth nothing. */
const log = z.looseObject({
  message: text,
  ddsource: text,
  ddtags: z.string().regex(/^[a-z][^,\s]*(,[a-z][^,\s]*)*$/),
  service: text,
  status: z.enum(['emerg', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug', 'ok']),
  timestamp: z.int(),
  evt: z.looseObject({ id: text }),
});

type Log = z.output<typeof log>;

function logsIn(body: string): readonly Log[] | undefined {
  try {
    return z.array(log).min(1).max(MAX_LOGS).safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function flawsOf(log: Log, now: number): readonly Flaw[] {
  const flaws: readonly (readonly [Flaw, boolean])[] = [
    ['too_old', log.timestamp < now - 18 * HOUR_MS],
    ['too_new', log.timestamp > now + 2 * HOUR_MS],
    ['truncated', Buffer.byteLength(JSON.stringify(log)) > MAX_LOG_BYTES],
    ['too_many_attributes', attributesIn(log) >= MAX_ATTRIBUTES],
    ['too_many_tags', log.ddtags.split(',').length > MAX_TAGS],
  ];
  return flaws.flatMap(([flaw, is]) => (is ? [flaw] : []));
}

/** An array is one attribute, whatever it holds. */
function attributesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 1;
  return Object.values(value).reduce((sum: number, member: unknown) => sum + attributesIn(member), 0);
}
