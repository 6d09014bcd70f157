import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from '../../core/event.ts';
import { type Delivery, defineSink } from '../../core/sink.ts';
import { gzipped } from '../http.ts';
import { Pages } from '../page.ts';
import { endpoint, secret } from '../settings.ts';
import { Channel } from './channel.ts';
import { dialect } from './dialect.ts';
import { encode } from './encode.ts';
import { openHec } from './hec.ts';
import { AckLevel } from './level.ts';
import { Node, Nodes } from './nodes.ts';
import { categoryOf, indexBy, indexRule, sourcetypes } from './routes.ts';
import { verdictOf } from './verdict.ts';

const config = z.strictObject({
  /** Of one HEC or several, which take turns: `https://splunk.example:8088`. */
  url: z.union([endpoint.transform((one) => [one]), z.array(endpoint).min(1)]),
  token: secret,
  /**
   * Indexer acknowledgement: `on` parks a lane whose token lacks it, `off` takes HEC's word that it received the events,
   * `auto` waits for the indexer where the token gives ackIds. Splunk Cloud has it for Kinesis Firehose alone.
   */
  ack: z.enum(['auto', 'on', 'off']).default('auto'),
  /** What the indexer has not confirmed by then is sent again. */
  ack_deadline_ms: z.int().min(1_000).default(120_000),
  /** Where no rule fits; left out, the token's default index. */
  index: z.string().min(1).optional(),
  /** The first that fits decides. The token must be allowed to write every index named. */
  index_rules: z.array(indexRule).default([]),
  sourcetypes: sourcetypes.prefault({}),
  source: z.string().min(1).default('trailhouse'),
  /** For events that name no host. */
  host: z.string().min(1).default('trailhouse'),
  /** Before compression, as HEC counts: `max_content_length` in Splunk's limits.conf. */
  max_body_bytes: z.int().min(10_000).default(5_000_000),
});

/** Most a request may take before its acknowledgement is waited for. */
const POST_MS = 60_000;

/** Splunk over the HTTP Event Collector. An event is delivered once the indexer confirms it, where the token can say so. */
export const splunk = defineSink({
  name: 'splunk',
  limits: { events: 1_000, bytes: 1_000_000, concurrency: 8 },
  config,
  dialect,

  open(settings, tools) {
    const { clock } = tools;
    const hec = openHec(settings.token, tools);
    const pages = new Pages();
    const level = new AckLevel(settings.ack);
    const channelOf = (node: Node): Channel =>
      new Channel(randomUUID(), (...asked) => hec.poll(node, ...asked), clock, settings.ack_deadline_ms);
    const nodes = new Nodes(settings.url.map((url) => new Node(url, channelOf)));
    const stamp = {
      source: settings.source,
      host: settings.host,
      replay: tools.replay,
      sourcetype: (event: AuditEvent) => settings.sourcetypes[categoryOf(event)],
      index: indexBy(settings.index_rules, settings.index),
    };

    return {
      attemptMs: settings.ack_deadline_ms + POST_MS,

      async deliver(batch, signal): Promise<Delivery> {
        const page = pages.take();
        encode(batch, stamp, page);
        const { length } = page;
        if (length > settings.max_body_bytes) {
          pages.give(page);
          return { kind: 'refused', reason: `${length} bytes exceed max_body_bytes` };
        }

        const node = nodes.next(clock.now());
        const channel = level.asks ? node.channel() : undefined;
        const body = await gzipped(page.written());
        pages.give(page);
        const reply = await hec.post(node, channel?.id, body, signal).catch((error) => {
          node.rest(clock.now());
          channel?.leave();
          throw error;
        });
        return verdictOf(reply, { events: batch.length, level, node, channel, now: clock.now(), signal });
      },

      async close() {
        nodes.close();
      },
    };
  },
});
