import { z } from 'zod';
import { type Delivery, defineSink, type Tools } from '../../core/sink.ts';
import { gzipped } from '../http.ts';
import { endpoint, secret } from '../settings.ts';
import { type Behind, diverted, judgeRefusal, NO_CONTENT } from './answer.ts';
import { dialect } from './dialect.ts';
import { openJsonEncoder } from './encode.ts';
import { openPushEncoder } from './protobuf.ts';
import type { Push } from './push.ts';
import { Snappy } from './snappy.ts';

/** A distributor sends a push on by gRPC, whose messages end at 4 MiB (`grpc_server_max_recv_msg_size`). */
const MAX_PUSH_BYTES = 4_000_000;

/** Loki's rule for tenant ids; a `|` would name several. */
const TENANT = /^[\w!.*'()-]{1,150}$/;

const config = z.strictObject({
  url: endpoint,
  /** Sent as X-Scope-OrgID. */
  tenant: z.string().regex(TENANT).optional(),
  auth: z
    .union([
      z.strictObject({ username: z.string().regex(/^[^:]+$/), password: secret }),
      z.strictObject({ token: secret }),
    ])
    .optional(),
  encoding: z.enum(['protobuf', 'json']).default('protobuf'),
  /** Label of every stream. */
  env: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('production'),
  /** Loki's `max_line_size`; longer lines are cut and say so. */
  max_line_bytes: z.int().min(16_384).max(1_048_576).default(262_144),
  /** Of an event at its ingestion: older ones go to the streams of replays. Half of Loki's window by default. */
  old_stream_after_ms: z.int().positive().default(1_800_000),
  /** Only where a gateway stands in front of Loki that turns its 204 into a 200. */
  accept_200: z.boolean().default(false),
});

type Settings = z.output<typeof config>;

/**
 * Grafana Loki, `POST /loki/api/v1/push`. An event is an entry at the time it happened, with the event's JSON as its
 * line; both depend on nothing but the event, so that Loki knows what is sent again and ignores it. What goes to the
 * streams of replays is settled when the sink is opened (`tools.replay`) and by the event's own columns, never by the
 * clock: an attempt an hour later must meet the same stream.
 *
 * But live streams are shared: after an outage, the partitions that have caught up take them further than those that lag
 * behind can follow. So an event that stands alone and is turned down because its live stream is ahead of it is sent once
 * more at once, to the stream of replays for its hour, and diverted only when that turns it down as well. Where Loki had
 * stored it before and the reply was lost, it then stands in both.
 *
 * Three settings must stay off for this tenant, since no client can see what they do: `block_ingestion_status_code:
 * 200` drops and `max_line_size_truncate` cuts behind a 204; `increment_duplicate_timestamp` moves entries by their
 * neighbours, so that a smaller batch is not recognised as sent before.
 */
export const loki = defineSink({
  name: 'loki',
  /** One request at a time: the order of events is what keeps them within their streams' window. */
  limits: { events: 1_000, bytes: 1_000_000, concurrency: 1 },
  config,
  dialect,

  open(settings, tools) {
    const address = `${settings.url.replace(/\/+$/, '')}/loki/api/v1/push`;
    const streaming = { env: settings.env, replay: tools.replay, lateAfterMs: settings.old_stream_after_ms };
    const { max_line_bytes } = settings;
    const snappy = new Snappy();
    const encode = settings.encoding === 'json' ? openJsonEncoder(max_line_bytes) : openPushEncoder(max_line_bytes);

    async function push({ plain }: Push, events: number, signal: AbortSignal): Promise<Delivery | Behind> {
      if (plain.length > MAX_PUSH_BYTES && events > 1) return smaller('more than 4 MB');

      const { body, headers } = await packed(plain, settings.encoding, snappy);
      const response = await tools.fetch(address, {
        method: 'POST',
        headers: { ...headers, ...(await identity(settings, tools)) },
        body,
        signal,
        redirect: 'manual',
      });
      if (response.status === NO_CONTENT || (settings.accept_200 && response.status === 200)) {
        await response.body?.cancel();
        return { kind: 'delivered' };
      }
      return judgeRefusal(response, events, tools.clock.now());
    }

    return {
      async deliver(batch, signal) {
        const made = encode(batch, streaming);
        if (made.exceedsWindow) return smaller('a stream spans more than an hour');
        const first = await push(made, batch.length, signal);
        if (first.kind !== 'behind') return first;

        const last = made.isLive ? await push(encode(batch, { ...streaming, replay: true }), 1, signal) : first;
        return last.kind === 'behind' ? diverted(last.reason) : last;
      },
      async close() {},
    };
  },
});

/** Unsent. Never of a single event. */
const smaller = (reason: string): Delivery => ({ kind: 'refused', reason: `batch too large: ${reason}` });

async function packed(plain: Buffer<ArrayBuffer>, encoding: Settings['encoding'], snappy: Snappy) {
  if (encoding === 'json') {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    return { body: await gzipped(plain), headers };
  }
  // Before anything else is awaited, for both memories are the next push's too.
  return { body: new Uint8Array(snappy.compress(plain)), headers: { 'content-type': 'application/x-protobuf' } };
}

async function identity({ tenant, auth }: Settings, { secret }: Tools): Promise<Record<string, string>> {
  const scope = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  if (auth === undefined) return scope;
  if ('token' in auth) return { ...scope, authorization: `Bearer ${await secret(auth.token)}` };
  const pair = Buffer.from(`${auth.username}:${await secret(auth.password)}`).toString('base64');
  return { ...scope, authorization: `Basic ${pair}` };
}
