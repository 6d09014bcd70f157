import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { agentgateway } from '../../../services/formats/agentgateway/index.ts';
import { goldens } from '../../support/goldens.ts';
import { judgeSamples } from '../../support/samples.ts';

const base = { level: 'info', time: '2026-04-09T11:00:00Z', scope: 'request', 'http.status': 200 };

const draftsOf = (message: unknown): readonly Draft[] => {
  const verdict = agentgateway.read(message);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  return verdict.drafts;
};
const draftOf = (fields: object): Draft | undefined => draftsOf({ ...base, ...fields })[0];
const line = (pairs: string): string => `2026-04-09T11:00:00Z\tinfo\trequest ${pairs}`;
const ofLine = (pairs: string): Draft | undefined => draftsOf(line(pairs))[0];

test('a line of text and one of JSON come to the same', () => {
  const text = 'src.addr=[::1]:8 http.status=429 jwt.sub=00u7 protocol=llm gen_ai.usage.input_tokens=7 retry.attempt=1';
  const json = { ...base, 'src.addr': '[::1]:8', 'http.status': 429, 'jwt.sub': '00u7', protocol: 'llm' };
  expect(ofLine(text)).toEqual(draftOf({ ...json, 'gen_ai.usage.input_tokens': 7, 'retry.attempt': 1 }));
});

describe('who', () => {
  test.each([
    ['a token', { 'jwt.sub': '00u7' }, { basis: 'idp', id: '00u7' }],
    ['a certificate', { 'src.identity': 'spiffe://x.example/a' }, { basis: 'mtls', id: 'spiffe://x.example/a' }],
    ['both', { 'jwt.sub': '00u7', 'src.identity': 'spiffe://x.example/a' }, { basis: 'idp', id: '00u7' }],
    ['neither', {}, { basis: 'none' }],
  ])('%s', (_, fields, claims) => expect(draftOf(fields)?.claims).toEqual(claims));

  test.each([
    ['a host', 'http.host=x jwt.sub=00u1root http.path=/ http.status=200 protocol=mcp'],
    ['a path', 'src.addr=192.0.2.1:5 http.path=/ src.identity=spiffe://x.example/root http.version=HTTP/2.0'],
    ['a tool', 'protocol=mcp gen_ai.tool.name=x jwt.sub=00u1root'],
    ['a tool that quotes', 'protocol=mcp gen_ai.tool.name=x jwt.sub="00u1root"'],
    ['a method', 'mcp.method.name=x src.identity=spiffe://x.example/root'],
    ['a model', 'gen_ai.request.model=x jwt.sub=00u1root duration=1ms'],
    ['an error', 'error=no such tool: x jwt.sub=00u1root'],
  ])('what stands in the name of %s is nobody', (_, pairs) => {
    expect(ofLine(pairs)?.claims).toEqual({ basis: 'none' });
    expect(JSON.stringify(ofLine(pairs)?.personal_attributes)).toContain('root');
  });

  test('a configured field in place of one of its own takes nothing from it', () => {
    const claimed = ofLine('http.status=200 jwt.sub=00u7 protocol=llm duration=1ms http.host="a"')?.claims;
    expect(claimed).toEqual({ basis: 'idp', id: '00u7' });
  });

  test('a subject may have blanks', () => {
    expect(ofLine('jwt.sub=waad|a b protocol=llm')?.claims).toEqual({ basis: 'idp', id: 'waad|a b' });
  });

  test('a name that would write a second subject refuses the line', () => {
    const verdict = agentgateway.read(line('jwt.sub=00u7 protocol=mcp gen_ai.tool.name=x jwt.sub=00u1root'));
    expect(verdict).toEqual({ kind: 'rejected', reason: 'message: line 1 has jwt.sub twice' });
  });
});

test.each([
  [{ 'http.status': 200 }, 'success'],
  [{ 'http.status': 302 }, 'success'],
  [{ 'http.status': 404 }, 'failure'],
  [{ 'http.status': 401 }, 'denied'],
  [{ 'http.status': 400, reason: 'ExtAuth' }, 'denied'],
  [{ 'http.status': 500, reason: 'RateLimit', error: 'rate limit failed' }, 'failure'],
  [{ 'http.status': 200, error: 'mcp: rate limited' }, 'failure'],
  [{ 'http.status': 200, 'mcp.error.code': -32602 }, 'failure'],
  [{ 'http.status': 200, 'a2a.response.error_code': '-32001' }, 'failure'],
  [{ 'http.status': 200, 'grpc.status': 0 }, 'success'],
  [{ 'http.status': 200, 'grpc.status': 13 }, 'failure'],
  [{ 'http.status': 200, 'grpc.status': 16 }, 'denied'],
  [{ 'http.status': undefined }, 'unknown'],
  [{ 'http.status': 'constructor' }, 'unknown'],
])('%j is %s', (fields, outcome) => expect(draftOf(fields)?.outcome).toBe(outcome));

test.each([
  [{ protocol: 'llm' }, 'llm.request'],
  [{ 'llm.provider': 'gemini' }, 'llm.request'],
  [{ protocol: 'mcp' }, 'mcp.request'],
  [{ protocol: 'mcp', 'mcp.method': 'tools/list' }, 'mcp.request'],
  [{ 'mcp.method.name': 'tools/call' }, 'mcp.tool.call'],
  [{ 'mcp.method.name': 'initialize' }, 'mcp.server.connect'],
  [{ protocol: 'http' }, 'activity.other'],
  [{ protocol: 'llm', 'http.status': 429 }, 'ratelimit.exceeded'],
  [{ protocol: 'llm', 'http.status': 429, error: 'Budget exceeded' }, 'budget.exceeded'],
  [{ protocol: 'llm', 'http.status': 400, error: 'no budget' }, 'llm.request'],
  [{ protocol: 'llm', reason: 'Guardrail' }, 'guardrail.fired'],
])('%j is %s', (fields, action) => expect(draftOf(fields)?.action).toBe(action));

test('a configured field is content, whatever it is called', () => {
  const drafted = ofLine('protocol=llm llm.prompt=[{"role": "user", "content": "a b=c"}] user="Ada" __proto__="x"');
  const content = new Map(Object.entries(Object(drafted?.content)));
  expect([...content.keys()].sort()).toEqual(['__proto__', 'llm.prompt', 'user']);
});

describe('lines', () => {
  test('each is an event; blank ones are none', () => {
    expect(
      draftsOf(`\n${line('http.status=200')}\r\n\n${line('http.status=500')}\n`).map(({ outcome }) => outcome),
    ).toEqual(['success', 'failure']);
  });

  test.each([
    [`${line('a=1')}\n    at somewhere`, 'message: line 2 is no line of agentgateway'],
    [`${line('a=1')}\n\n${line('b="')}`, 'message: line 3 has b with a quote that does not close'],
    [line('a=1 scope=2'), 'message: line 1 has scope twice'],
    ['\n\n', 'message: holds no line'],
    [{ ...base, time: 7 }, 'time: Invalid input: expected string, received number'],
  ])('%j is refused', (message, reason) => expect(agentgateway.read(message)).toEqual({ kind: 'rejected', reason }));

  test('one that the gateway writes about itself is told by its scope', () => {
    const [draft] = draftsOf('2026-04-09T11:00:00Z\twarn\tproxy::tls:conn{peer="a b"}\thandshake failed x=1');
    expect(draft).toMatchObject({ action: 'activity.other', outcome: 'unknown', claims: { basis: 'none' } });
    expect(draft?.attributes).toEqual({ level: 'warn', scope: 'proxy::tls' });
    expect(draft?.content).toEqual({ message: ':conn{peer="a b"}\thandshake failed x=1' });
  });
});

test.each([
  'request',
  'http.status=200',
  '{"level":"info"}',
  '[2026-04-09T11:00:00Z] "GET / HTTP/1.1" 200',
  '2026-04-09T11:00:00Z request served',
  '2026-04-09T11:00:00Z info server listening',
  { level: 'info', time: '2026-04-09T11:00:00Z' },
])('%j is somebody else’s', (message) => expect(agentgateway.detect(message)).toBe(false));

test('an envelope is never taken for a line', () => {
  for (const { wire } of goldens(agentgateway))
    if (typeof wire === 'object') expect(agentgateway.detect({ ...wire, trailhouse: 1 })).toBe(false);
});

const folder = process.env.SAMPLES;
if (folder === undefined) console.warn('SAMPLES names no folder: real lines of agentgateway are NOT tried');

test.skipIf(folder === undefined)('real lines are accepted', () => {
  const judged = judgeSamples(`${folder}/agentgateway`);
  expect(judged.length).toBeGreaterThan(20);
  expect(judged.filter(({ kind, format }) => kind !== 'accepted' || format !== 'agentgateway')).toEqual([]);
});
