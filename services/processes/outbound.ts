import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { Agent, fetch as fetchWith } from 'undici';
import type { Fetch } from '../core/sink.ts';
import { ConfigError } from './config-error.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
}

/** Ways out to one receiver. */
export interface Outbound {
  readonly fetch: Fetch;
  agent(protocol: string): PlainAgent;
  close(): Promise<void>;
}

/**
 * Addresses no receiver has: the machine's own metadata service, link-local and multicast ones, and none at all. Private ones are
 * where most receivers live. A name is looked at as it is resolved for each connection, so that one which changes its
 * address after the start gets nowhere either.
 */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('0.0.0.0', 8);
FORBIDDEN.addSubnet('169.254.0.0', 16);
FORBIDDEN.addSubnet('224.0.0.0', 3);
FORBIDDEN.addAddress('100.100.100.200');
FORBIDDEN.addAddress('168.63.129.16');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
FORBIDDEN.addAddress('fd20:ce::254', 'ipv6');
// An IPv4 address in IPv6's clothes: compatible, and by 6to4 and NAT64 where it is one of the above.
FORBIDDEN.addSubnet('::a9fe:0', 112, 'ipv6');
FORBIDDEN.addSubnet('2002:a9fe::', 32, 'ipv6');
FORBIDDEN.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
FORBIDDEN.addAddress('64:ff9b::6464:64c8', 'ipv6');
FORBIDDEN.addAddress('64:ff9b::a83f:8110', 'ipv6');

/** A mapped address (`::ffff:…`) is looked up as the IPv4 address it is, by BlockList itself. */
export const isForbidden = (address: string): boolean => FORBIDDEN.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** The address a receiver's name stands for is one it cannot have. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** Refuses, naming the key, what no name lookup will see: an address written out. */
export function checkTarget(key: string, url: string, isInsecureAllowed: boolean): void {
  const { hostname, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isForbidden(host)) throw new ConfigError(`${key}: ${host} is an address no receiver has`);
  const isLocal = host === 'localhost' || host === '127.0.0.1' || host === '::1';
  if (protocol === 'http:' && !isLocal && !isInsecureAllowed)
    throw new ConfigError(
      `${key}: events would travel in the clear: use https, or set insecure_http on a network that nobody else shares`,
    );
}

type Resolved = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(hostname: string, options: LookupOptions, done: Resolved): void {
  lookup(hostname, options, (error, address: string | LookupAddress[], family) => {
    if (error !== null) return done(error, address, family);
    const all = typeof address === 'string' ? [address] : address.map((one) => one.address);
    if (all.some(isForbidden))
      return done(new ForbiddenAddress('a receiver resolves to an address it cannot have'), []);
    return done(null, address, family);
  });
}

export async function openOutbound(tls: TlsFiles | undefined): Promise<Outbound> {
  const trust: SecureContextOptions & { readonly servername?: string; readonly rejectUnauthorized: true } = {
    minVersion: 'TLSv1.2',
    // Said, for a variable of the environment (NODE_TLS_REJECT_UNAUTHORIZED) decides otherwise.
    rejectUnauthorized: true,
    ...(tls?.ca === undefined ? {} : { ca: await pem(tls.ca) }),
    ...(tls?.cert === undefined ? {} : { cert: await pem(tls.cert) }),
    ...(tls?.key === undefined ? {} : { key: await pem(tls.key) }),
    ...(tls?.servername === undefined ? {} : { servername: tls.servername }),
  };
  const guard = { lookup: guardedLookup };
  const dispatcher = new Agent({
    connect: { ...trust, ...guard, timeout: 10_000 },
    // The machine has its own patience, and an answer may be long in coming.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const agents = {
    plain: new PlainAgent({ keepAlive: true, ...guard }),
    tls: new TlsAgent({ keepAlive: true, ...trust, ...guard }),
  };
  return {
    fetch: guarded(dispatcher),
    agent: (protocol) => (protocol.startsWith('https') ? agents.tls : agents.plain),
    async close() {
      agents.plain.destroy();
      agents.tls.destroy();
      await dispatcher.destroy();
    },
  };
}

const pem = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => {
    throw new ConfigError(`${path}: cannot be read`);
  });

/** undici's own fetch, for Node's takes no dispatcher of another version; redirects are answers like others. */
function guarded(dispatcher: Agent): Fetch {
  return async (url, init) => {
    const { status, headers, body } = await fetchWith(url, { ...init, dispatcher, redirect: 'manual' });
    return new Response(body, { status, headers: [...headers] });
  };
}
