import { expect, test } from 'vitest';
import { privacyConfig } from '../../../services/privacy/config.ts';
import { bind } from '../../../services/processes/bindings.ts';
import { textLines } from '../../../services/processes/commands/text-lines.ts';
import { tryMessages } from '../../../services/processes/commands/try.ts';
import { retentionConfig } from '../../../services/retention/config.ts';

const NOW = new Date('2026-04-09T12:00:00Z');
const REQUEST = '2026-04-09T08:14:22.5Z\tinfo\trequest gateway=ai/edge http.status=200 protocol=llm duration=3ms';
const TEXT = `${REQUEST}\r\n\n \t\nnot a line\n${REQUEST.replace('=llm', '=mcp')}`;
const bindings = bind({
  'gateway.text': { partitions: 1, encoding: 'text', formats: ['agentgateway'], ceiling: 'claimed', epoch: 0 },
});

test.each([
  ['of a topic of text', { topic: 'gateway.text' }],
  ['said to be text', { encoding: 'text' }],
  ['of which nothing is said', {}],
] as const)('a file %s is one message a line', (_, options) => {
  const tried = tryMessages(
    Buffer.from(TEXT),
    options,
    { bindings, privacy: privacyConfig.parse({}), retention: retentionConfig.parse({}) },
    NOW,
  );
  expect(tried).toMatchObject([
    { kind: 'accepted', format: 'agentgateway', events: [{ action: 'llm.request', origin_offset: 0 }] },
    { kind: 'rejected' },
    { kind: 'accepted', format: 'agentgateway', events: [{ action: 'mcp.request', origin_offset: 2 }] },
  ]);
});

test('JSON on a topic of text is text', () => {
  const [tried] = tryMessages(
    Buffer.from('{"level":"info"}'),
    { topic: 'gateway.text' },
    { bindings, privacy: privacyConfig.parse({}), retention: retentionConfig.parse({}) },
    NOW,
  );
  expect(tried).toEqual({ kind: 'rejected', reason: 'message: no format of this topic knows it (agentgateway)' });
});

test('what no text format knows is told as JSON that it is not', () => {
  const tried = tryMessages(
    Buffer.from('two\nlines'),
    {},
    { bindings, privacy: privacyConfig.parse({}), retention: retentionConfig.parse({}) },
    NOW,
  );
  expect(tried).toMatchObject([{ kind: 'rejected', reason: expect.stringContaining('document: ') }]);
});

test('bytes that are no text keep their line', () => {
  expect(textLines(Uint8Array.of(0x61, 0x0a, 0x0d, 0x0a, 0xff))).toEqual([
    { bytes: Uint8Array.of(0x61) },
    { bytes: Uint8Array.of(0xff) },
  ]);
});
