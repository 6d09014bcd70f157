import { expect, test } from 'vitest';
import type { Sink } from '../../../services/core/sink.ts';
import { ConfigError } from '../../../services/processes/config-error.ts';
import { parksOnSetup } from '../../../services/processes/export/setup.ts';
import { ForbiddenAddress } from '../../../services/processes/outbound.ts';

const { signal } = new AbortController();
const failing = (error: unknown): Sink =>
  parksOnSetup({ deliver: () => Promise.reject(error), close: () => Promise.resolve() });
const fetchFailed = (cause: Error) => new TypeError('fetch failed', { cause });
const coded = (code: string) => Object.assign(new Error('siem.example hunter2'), { code });

test.each([
  ['a secret that cannot be read', new ConfigError('/run/hec cannot be read'), '/run/hec cannot be read'],
  ['a name for a metadata address', fetchFailed(new ForbiddenAddress('no such receiver')), 'no such receiver'],
  ['a certificate that has expired', fetchFailed(coded('CERT_HAS_EXPIRED')), 'certificate: CERT_HAS_EXPIRED'],
  ['one of an unknown issuer', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /^certificate: UNABLE_TO_VERIFY/],
  ['one of another name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), /^certificate: ERR_TLS_CERT_ALTNAME/],
  ['ours, which it does not know', coded('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), /^certificate: ERR_SSL/],
])('%s parks the lane', async (_, error, reason) => {
  const said = typeof reason === 'string' ? reason : expect.stringMatching(reason);
  expect(await failing(error).deliver([], signal)).toEqual({ kind: 'parked', reason: said });
});

test('what else goes wrong is for the machine', async () => {
  await expect(failing(fetchFailed(coded('ECONNREFUSED'))).deliver([], signal)).rejects.toThrow('fetch failed');
});
