import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOutbound } from '../../services/processes/outbound.ts';

/** A receiver that has a certificate of a company's own authority and wants one of us. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-tls-'));
const at = (name: string) => join(folder, name);
const openssl = (...given: readonly string[]) => execFileSync('openssl', given, { cwd: folder, stdio: 'ignore' });
let server: Server;
let url: string;

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const;

function issue(name: string): void {
  writeFileSync(at(`${name}.ext`), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl('req', ...P256, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
  openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
}

beforeAll(async () => {
  openssl('req', '-x509', ...P256, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=company');
  issue('receiver');
  issue('trailhouse');
  const [key, cert, ca] = ['receiver.key', 'receiver.pem', 'ca.pem'].map((name) => readFileSync(at(name)));
  const options = { key, cert, ca, requestCert: true, rejectUnauthorized: true };
  server = createServer(options, (_, response) => response.writeHead(204).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `https://127.0.0.1:${address.port}` : '';
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const ours = () => ({ ca: at('ca.pem'), cert: at('trailhouse.pem'), key: at('trailhouse.key') });
const post = { method: 'POST', headers: {}, body: 'x', signal: new AbortController().signal };

test('is reached with its authority and our certificate', async () => {
  const outbound = await openOutbound(ours());
  expect((await outbound.fetch(url, post)).status).toBe(204);
  await outbound.close();
});

test('is reached so by clients that bring their own requests', async () => {
  const outbound = await openOutbound(ours());
  const asked = request(url, { method: 'POST', agent: outbound.agent('https:') });
  asked.end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(204);
  response.resume();
  await outbound.close();
});

test.each([
  ['without its authority', () => ({ cert: at('trailhouse.pem'), key: at('trailhouse.key') })],
  ['without our certificate', () => ({ ca: at('ca.pem') })],
])('is not reached %s', async (_, tls) => {
  const outbound = await openOutbound(tls());
  await expect(outbound.fetch(url, post)).rejects.toThrow();
  await outbound.close();
});
