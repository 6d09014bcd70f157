import { expect, test } from 'vitest';
import type { ACTIONS } from '../../../services/core/event.ts';
import { splunk } from '../../../services/sinks/splunk/index.ts';
import { categoryOf, indexBy } from '../../../services/sinks/splunk/routes.ts';
import { event } from '../../support/event.ts';

const good = { url: 'https://splunk.example:8088', token: { env: 'HEC_TOKEN' } };

test('one address or several', () => {
  expect(splunk.config.parse(good)).toMatchObject({ url: ['https://splunk.example:8088'], ack: 'auto' });
  expect(splunk.config.parse({ ...good, url: ['http://a:8088', 'http://b:8088'] })).toMatchObject({
    url: ['http://a:8088', 'http://b:8088'],
  });
});

test.each([
  ['no address', { url: [] }],
  ['an address that is none', { url: 'splunk' }],
  ['a password in the address', { url: 'https://a:b@splunk.example' }],
  ['a token as it stands', { token: 'abc' }],
  ['an unknown key', { tokn: 'abc' }],
  ['an unknown way to acknowledge', { ack: 'yes' }],
  ['a deadline of nothing', { ack_deadline_ms: 0 }],
  ['a rule without a condition', { index_rules: [{ index: 'a', when: {} }] }],
  ['a rule on an unknown column', { index_rules: [{ index: 'a', when: { actor: 'b' } }] }],
  ['a rule on an unknown action', { index_rules: [{ index: 'a', when: { action: 'mcp.tool.cal' } }] }],
  ['a rule on an unknown family', { index_rules: [{ index: 'a', when: { action: 'moon.*' } }] }],
  ['an unknown sourcetype', { sourcetypes: { moon: 'a' } }],
])('turns down %s', (_, wrong) => {
  expect(splunk.config.safeParse({ ...good, ...wrong }).success).toBe(false);
});

test.each([
  ['llm.request', 'api', 'gateway'],
  ['llm.request', '', 'gateway'],
  ['guardrail.fired', 'api', 'gateway'],
  ['mcp.tool.call', 'api', 'mcp'],
  ['mcp.tool.call', 'cli', 'mcp'],
  ['tool.call', 'cli', 'endpoint'],
  ['file.upload', 'web', 'endpoint'],
  ['session.start', 'desktop', 'endpoint'],
  ['shell.exec', 'ide', 'endpoint'],
  ['data.read', 'admin', 'admin'],
  ['auth.login', '', 'admin'],
  ['key.issued', 'api', 'admin'],
  ['audit.query', 'api', 'trail'],
] satisfies [keyof typeof ACTIONS, string, string][])('%s at "%s" is %s', (action, surface, category) => {
  expect(categoryOf(event({ action, surface }))).toBe(category);
});

test('the first rule whose conditions all hold names the index', () => {
  const index = indexBy(
    [
      { index: 'a', when: { action: 'mcp.*', team: 'red' } },
      { index: 'b', when: { action: 'mcp.tool.call' } },
      { index: 'c', when: { class: 'hipaa' } },
      { index: 'd', when: { surface: 'web' } },
    ],
    'main',
  );
  expect(index(event({ action: 'mcp.request', actor_team: 'red' }))).toBe('a');
  expect(index(event({ action: 'mcp.tool.call', actor_team: 'red' }))).toBe('a');
  expect(index(event({ action: 'mcp.tool.call', actor_team: 'blue' }))).toBe('b');
  expect(index(event({ action: 'mcp.request', retention_class: 'hipaa' }))).toBe('c');
  expect(index(event({ surface: 'web' }))).toBe('d');
  expect(index(event({}))).toBe('main');
  expect(indexBy([], undefined)(event({}))).toBeUndefined();
});
