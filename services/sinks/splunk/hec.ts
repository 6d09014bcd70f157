import { z } from 'zod';
import type { SecretAt, Tools } from '../../core/sink.ts';
import { readJson } from '../http.ts';
import { type Reply, readReply } from './answers.ts';
import type { Polled } from './channel.ts';
import type { Node } from './nodes.ts';

/** Speaks HTTP Event Collector with one node at a time. */
export interface Hec {
  /** Sends events, compressed by gzip, on a channel where acknowledgement is asked for. */
  post(node: Node, channel: string | undefined, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Reply>;
  poll(node: Node, channel: string, ids: readonly number[], signal: AbortSignal): Promise<Polled>;
}

const acks = z.object({ acks: z.record(z.string(), z.boolean()) });
const refusal = z.object({ code: z.int() });

export function openHec(token: SecretAt, { fetch, clock, secret }: Tools): Hec {
  async function send(
    node: Node,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ) {
    const response = await fetch(`${node.url}/services/collector/${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        authorization: `Splunk ${await secret(token)}`,
        'content-type': 'application/json',
        ...node.session,
        ...headers,
      },
      body,
      signal,
    });
    node.join(response);
    return response;
  }

  return {
    async post(node, channel, body, signal) {
      const headers = {
        'content-encoding': 'gzip',
        ...(channel === undefined ? {} : { 'x-splunk-request-channel': channel }),
      };
      return readReply(await send(node, 'event', headers, body, signal), clock.now());
    },

    async poll(node, channel, ids, signal) {
      const response = await send(
        node,
        `ack?channel=${channel}`,
        {},
        Buffer.from(JSON.stringify({ acks: ids })),
        signal,
      );
      const said = await readJson(response);
      const answer = acks.safeParse(said);
      if (response.status === 200 && answer.success)
        return { indexed: new Set(ids.filter((id) => answer.data.acks[id] === true)) };
      const code = refusal.safeParse(said).data?.code;
      return { indexed: new Set(), fault: code === undefined ? `HTTP ${response.status}` : `HEC ${code}` };
    },
  };
}
