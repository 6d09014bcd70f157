import { z } from 'zod';
import type { Tools } from '../../core/sink.ts';
import { endpoint, secret } from '../settings.ts';

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that say what the request is: the sink's own to set. */
const OWN = new Set(['content-type', 'content-encoding', 'content-length', 'transfer-encoding', 'connection', 'host']);

const header = z
  .string()
  .regex(TOKEN)
  .refine((name) => !OWN.has(name.toLowerCase()), 'is a header that the sink sets itself');

export const config = z
  .strictObject({
    /** Base address of the receiver: `/v1/logs` or `/v1/traces` is appended, as to OTEL_EXPORTER_OTLP_ENDPOINT. */
    endpoint: endpoint.optional(),
    /** Whole address of the signal instead, used as it is, as OTEL_EXPORTER_OTLP_LOGS_ENDPOINT. */
    url: endpoint.optional(),
    /** By name, where each value is: `dd-api-key`, `authorization`, `x-scope-orgid`. */
    headers: z.record(header, secret).default({}),
    /** Where further ones stand in one line, as in OTEL_EXPORTER_OTLP_HEADERS: `name=value,name=value`, percent-encoded. */
    header_list: secret.optional(),
    compression: z.enum(['gzip', 'none']).default('gzip'),
    /** How long one request may take, its answer included. */
    timeout_ms: z.int().min(1).max(600_000).default(10_000),
    /** Before compression. The protocol sets no limit; collectors and vendors take 4 MiB and more. */
    max_body_bytes: z.int().min(10_000).default(4_194_304),
    service_name: z.string().min(1).default('trailhouse'),
    /** Further attributes of the resource. */
    resource: z.record(z.string().min(1), z.string()).default({}),
  })
  .refine(({ endpoint, url }) => (endpoint === undefined) !== (url === undefined), {
    path: ['endpoint'],
    message: 'give one of endpoint and url',
  });

export type Settings = z.output<typeof config>;

/** Where a signal goes. */
export function urlOf({ endpoint, url }: Settings, path: 'v1/logs' | 'v1/traces'): URL {
  const target = new URL(url ?? endpoint ?? '');
  if (url === undefined) target.pathname = `${target.pathname.replace(/\/+$/, '')}/${path}`;
  return target;
}

/** Read for each request, so that a rotated key is used at once. */
export async function headersOf(settings: Settings, secretOf: Tools['secret']): Promise<Record<string, string>> {
  const list = settings.header_list === undefined ? '' : await secretOf(settings.header_list);
  const named = Object.entries(settings.headers).map(async ([name, at]) => [name.toLowerCase(), await secretOf(at)]);
  return { ...listed(list), ...Object.fromEntries(await Promise.all(named)) };
}

/** W3C baggage without properties, as the specification of OTEL_EXPORTER_OTLP_HEADERS has it. */
function listed(list: string): Record<string, string> {
  return Object.fromEntries([...pairsOf(list)].map(([name, value]) => [header.parse(name).toLowerCase(), value]));
}

/** `name=value,name=value`, percent-encoded, in the order of the list. */
export function pairsOf(list: string): readonly (readonly [string, string])[] {
  return list
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeURIComponent(name.trim()), decodeURIComponent(value.join('=').trim())];
    });
}
