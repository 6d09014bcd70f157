import { expect, test } from 'vitest';
import type { Batch } from '../../../services/core/log.ts';
import { asSaid } from '../../../services/identity/resolve.ts';
import { privacyConfig } from '../../../services/privacy/config.ts';
import { bind, DEFAULT_TOPICS } from '../../../services/processes/bindings.ts';
import { openPrivacy } from '../../../services/processes/ingest/privacy.ts';
import { type Surroundings, settle } from '../../../services/processes/ingest/settle.ts';
import { retentionConfig } from '../../../services/retention/config.ts';

const TOPIC = 'endpoint.otlp_json';
const now = new Date('2026-06-01T12:00:00Z');
const binding = bind(DEFAULT_TOPICS).get(TOPIC);
if (binding === undefined) throw new Error(`no topic ${TOPIC}`);

const sealed = privacyConfig.parse({ content: { default: 'sealed' } });
const around = (keys: ReadonlyMap<string, Uint8Array>): Surroundings => ({
  binding,
  retention: retentionConfig.parse({}),
  identify: asSaid,
  ids: { event: 1, content: 6, quarantine: 3, accounting: 4 },
  saltKey: () => Buffer.alloc(32, 3),
  sealing: { name: 'quarantine', key: Buffer.alloc(32, 4) },
  quarantineDays: 30,
  privacy: openPrivacy(sealed, Buffer.alloc(32, 7), keys),
  now,
  broken: (format, error) => expect.unreachable(`${format} failed with ${error}`),
});

/** One message that tells of a prompt in each of many sessions. */
function prompts(sessions: number): Batch {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = Array.from({ length: sessions }, (_, index) => ({
    timeUnixNano: `${now.getTime()}000000`,
    body: { stringValue: 'claude_code.user_prompt' },
    attributes: [text('session.id', `session-${index}`), text('prompt', 'mail ada@alderbrook.example')],
  }));
  const resource = { attributes: [text('service.name', 'claude-code')] };
  const scopeLogs = [{ scope: { name: 'com.anthropic.claude_code.events', version: '2.1.280' }, logRecords }];
  const value = Buffer.from(JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] }));
  const record = { topic: TOPIC, partition: 0, offset: 0, receivedAt: now, key: undefined, headers: {}, value };
  return { topic: TOPIC, partition: 0, first: 0, next: 1, records: [record] };
}

test('the keys of all subjects of a message are asked for at once', () => {
  const keys = new Map<string, Uint8Array>();
  const first = settle(prompts(20), around(keys));
  if (!('wants' in first)) throw new Error('settled without keys');
  expect(first.wants).toHaveLength(20);
  for (const name of first.wants) keys.set(name, Buffer.alloc(32, 5));
  expect(settle(prompts(20), around(keys))).toMatchObject({ counts: { accepted: 1, events: 20 } });
});
