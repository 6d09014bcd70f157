import { z } from 'zod';
import { defineSink, type Refusal } from '../../core/sink.ts';
import { gzipped } from '../http.ts';
import { Pages } from '../page.ts';
import { endpoint, secret } from '../settings.ts';
import { judgeAnswer } from './answer.ts';
import { dialect } from './dialect.ts';
import { encode } from './encode.ts';
import { inTime } from './window.ts';

/** "Maximum content size per payload (uncompressed)". */
const MAX_PAYLOAD_BYTES = 5_000_000;

const SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const;

/** A tag as Datadog keeps it: others it would rewrite. */
const tag = z.string().regex(/^[a-z][a-z0-9_:./-]{0,199}$/);

const config = z
  .strictObject({
    /** Where the organisation's data is. None by default: it decides the jurisdiction. */
    site: z.enum(SITES).optional(),
    /** Of a proxy in the site's place. */
    url: endpoint.optional(),
    api_key: secret,
    service: z
      .string()
      .regex(/^[a-z][a-z0-9_:./-]{0,99}$/)
      .default('trailhouse'),
    env: z
      .string()
      .regex(/^[a-z0-9_./-]{1,64}$/)
      .default('production'),
    /** Beside `env`, the retention class and the surface: `team:security`. */
    tags: z.array(tag).max(90).default([]),
  })
  .refine(({ site, url }) => (site === undefined) !== (url === undefined), 'give either site or url');

/**
 * Datadog Logs, `POST /api/v2/logs`. Datadog gives no receipt: an event is delivered once the intake has accepted its
 * request. What it would accept and not keep whole is never sent: logs above 1 MB are cut here and say so, events outside
 * its window of time are diverted.
 */
export const datadog = defineSink({
  name: 'datadog',
  /** "Maximum array size": 1,000. */
  limits: { events: 1_000, bytes: 1_000_000, concurrency: 8 },
  config,
  dialect,

  open({ site, url, api_key, service, env, tags }, { fetch, clock, secret, replay }) {
    const base = url ?? `https://http-intake.logs.${site}`;
    const address = `${base.replace(/\/+$/, '')}/api/v2/logs`;
    const pages = new Pages();
    const stamp = { service, tags: [`env:${env}`, ...tags].join(','), replay };

    return {
      async deliver(batch, signal) {
        const diverted: Refusal[] = [];
        const page = pages.take();
        encode(
          inTime(batch, clock.now(), (one) => diverted.push(one)),
          stamp,
          page,
        );
        const { length } = page;
        const isSent = diverted.length < batch.length && length <= MAX_PAYLOAD_BYTES;
        const body = isSent ? await gzipped(page.written()) : undefined;
        pages.give(page);
        if (diverted.length === batch.length) return { kind: 'partial', refused: [], diverted };
        if (body === undefined) return { kind: 'refused', reason: `${length} bytes exceed 5 MB` };

        const response = await fetch(address, {
          method: 'POST',
          headers: {
            'dd-api-key': await secret(api_key),
            'content-type': 'application/json',
            'content-encoding': 'gzip',
          },
          body,
          signal,
          redirect: 'manual',
        });
        const answer = await judgeAnswer(response, clock.now());
        return answer.kind === 'delivered' && diverted.length > 0 ? { kind: 'partial', refused: [], diverted } : answer;
      },
      async close() {},
    };
  },
});
