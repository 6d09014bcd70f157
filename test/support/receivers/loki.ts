import type { IncomingMessage } from 'node:http';
import { type Answer, answerWith, type Fault, listen, Script } from './fault.ts';
import { decode, type Entry, type Pairs, type PushedStream } from './loki/decode.ts';
import { faultOfEntry, faultOfLabels, LIMITS, type Limits, parseLabels, tooFarBehind } from './loki/limits.ts';

/** One entry as stored. */
export interface Kept {
  readonly event_id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly nanos: bigint;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** How often it came: Loki stores an entry of the same stream, time and line once. */
  readonly copies: number;
}

export interface LokiOptions {
  readonly now?: () => number;
  readonly tenant?: string;
  /** The whole header of a request that may write. */
  readonly authorization?: string;
  readonly limits?: Partial<Limits>;
  /** What a gateway in front answers in place of 204. */
  readonly success?: number;
}

export interface LokiReceiver {
  readonly url: string;
  readonly port: number;
  accepted(): readonly Kept[];
  /** Pushes that came, faulty ones included. */
  requests(): number;
  script(fault: Fault): void;
  /** `block_ingestion_until`: what follows is answered with the status and kept nowhere. */
  block(status: number | undefined): void;
  close(): Promise<void>;
}

interface Stored {
  readonly labels: Pairs;
  readonly entries: Map<string, Entry & { copies: number }>;
  newest: bigint;
}

/** Loki's push endpoint: what a distributor and an ingester check, in their order and words. */
export async function openLokiReceiver(options: LokiOptions = {}): Promise<LokiReceiver> {
  const limits = { ...LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  const faults = new Script();
  const streams = new Map<string, Stored>();
  let requests = 0;
  let blocked: number | undefined;

  function push(pushed: readonly PushedStream[]): Answer {
    if (pushed.length === 0) return { status: 422, body: 'error at least one valid stream is required for ingestion' };
    const errors: string[] = [];
    for (const { labels, entries } of pushed) {
      const parsed = typeof labels === 'string' ? parseLabels(labels) : labels;
      const fault = parsed === undefined ? 'Error parsing labels' : faultOfLabels(parsed, limits);
      if (fault !== undefined) errors.push(fault);
      else if (parsed !== undefined && blocked === undefined) errors.push(...store(parsed.toSorted(), entries));
    }
    const until = new Date(now() + 3_600_000).toISOString();
    if (blocked !== undefined) {
      return {
        status: blocked,
        body: `ingestion blocked for user fake until '${until}' with status code '${blocked}'`,
      };
    }
    return errors.length === 0
      ? { status: options.success ?? 204 }
      : { status: 400, body: errors.slice(0, 10).join('\n') };
  }

  function store(labels: Pairs, entries: readonly Entry[]): readonly string[] {
    const name = `{${labels.map(([label, value]) => `${label}="${value}"`).join(', ')}}`;
    const stream = streams.get(name) ?? { labels, entries: new Map(), newest: 0n };
    const window = BigInt(limits.unordered_writes ? limits.max_chunk_age_ms / 2 : 0) * 1_000_000n;
    const errors: string[] = [];
    for (const entry of entries) {
      const invalid = faultOfEntry(entry, name, limits, now());
      const key = `${entry.nanos} ${entry.line}`;
      const known = stream.entries.get(key);
      if (invalid !== undefined) errors.push(invalid);
      else if (known !== undefined && stream.newest - entry.nanos <= window) known.copies += 1;
      else if (entry.nanos < stream.newest - window) errors.push(tooFarBehind(entry, stream.newest - window, limits));
      else {
        stream.entries.set(key, { ...entry, copies: 1 });
        if (entry.nanos > stream.newest) stream.newest = entry.nanos;
      }
    }
    streams.set(name, stream);
    return errors;
  }

  const server = await listen(async (request, response) => {
    requests += 1;
    await answerWith(faults.take(), request, response, (body) => {
      const barred = atTheDoor(request, options);
      if (barred !== undefined) return barred;
      if (body.length > limits.max_recv_msg_size) return { status: 413, body: 'request body too large' };
      const decoded = decode(body, request.headers['content-type'], request.headers['content-encoding']);
      return typeof decoded === 'string' ? { status: 400, body: decoded } : push(decoded);
    });
  });

  return {
    ...server,
    requests: () => requests,
    script: (fault) => faults.add(fault),
    block(status) {
      blocked = status;
    },
    accepted: () =>
      [...streams.values()].flatMap(({ labels, entries }) =>
        [...entries.values()].map(({ metadata, ...entry }) => {
          const named = Object.fromEntries(metadata);
          return { event_id: named.event_id ?? '', labels: Object.fromEntries(labels), metadata: named, ...entry };
        }),
      ),
  };
}

function atTheDoor({ url, method, headers }: IncomingMessage, options: LokiOptions): Answer | undefined {
  const { pathname } = new URL(url ?? '', 'http://loki');
  if (pathname !== '/loki/api/v1/push') return { status: 404, body: '404 page not found' };
  if (method !== 'POST') return { status: 405 };
  const tenant = headers['x-scope-orgid'];
  if (options.authorization !== undefined && headers.authorization !== options.authorization) {
    return { status: 401, body: 'Unauthorized' };
  }
  if (options.tenant === undefined || tenant === options.tenant) return undefined;
  return tenant === undefined ? { status: 401, body: 'no org id' } : { status: 403, body: 'Forbidden' };
}
