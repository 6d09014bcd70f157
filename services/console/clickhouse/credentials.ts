import type { IncomingHttpHeaders } from 'node:http';
import type { Counter, Failure, Principal } from './counter.ts';
import { failed } from './failures.ts';

interface Shown {
  readonly user: string;
  readonly password: string;
}

/** Whoever is on this machine: the account that runs a client there could read the store's files as well. */
const LOCAL: Principal = { name: 'local', role: 'administrator', operator: false };

/** Names clients send where nobody gave one. */
const NOBODY = new Set(['', 'default', LOCAL.name]);

/**
 * Who asks: ClickHouse's three ways to say so, and at most one of them. A token is the password; the name beside it is its
 * operator's or left out. `open`: without either it is whoever is on this machine.
 */
export function principalOf(
  headers: IncomingHttpHeaders,
  query: Readonly<Record<string, string>>,
  counter: Counter,
  open: boolean,
): Principal | Failure {
  const all = [fromHeaders(headers), fromBasic(headers.authorization), fromQuery(query)].filter(
    (each) => each !== undefined,
  );
  if (all.length > 1) return refused('credentials are given in more than one way');
  const { user, password } = all[0] ?? { user: '', password: '' };
  if (password === '') {
    if (open && NOBODY.has(user)) return LOCAL;
    return failed('REQUIRED_PASSWORD', 'an operator shows a token: as the password');
  }
  const holder = counter.holder(password);
  const isNamed = holder !== undefined && (NOBODY.has(user) || user === holder.name);
  return isNamed ? holder : refused('the token is no operator’s, or another’s than the one named');
}

const refused = (words: string): Failure => failed('AUTHENTICATION_FAILED', `Authentication failed: ${words}`);

function fromHeaders(headers: IncomingHttpHeaders): Shown | undefined {
  const [user, password] = [headers['x-clickhouse-user'], headers['x-clickhouse-key']].map((value) =>
    value?.toString(),
  );
  return user === undefined && password === undefined ? undefined : { user: user ?? '', password: password ?? '' };
}

function fromBasic(header: string | undefined): Shown | undefined {
  if (header === undefined) return undefined;
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header) ?? [];
  // Another scheme is somebody's way to say who they are, and none that is understood here.
  if (encoded === undefined) return { user: '?', password: '?' };
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return { user, password: password.join(':') };
}

function fromQuery({ user, password }: Readonly<Record<string, string>>): Shown | undefined {
  return user === undefined && password === undefined ? undefined : { user: user ?? '', password: password ?? '' };
}
