import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type AuditEvent } from '../../../services/core/event.ts';
import { cimOf } from '../../../services/sinks/splunk/cim.ts';
import { encode, type Stamp } from '../../../services/sinks/splunk/encode.ts';
import { event } from '../../support/event.ts';
import { full } from '../../support/full-event.ts';
import { written } from '../written.ts';

const stamp = {
  source: 'trailhouse',
  host: 'trailhouse',
  replay: false,
  sourcetype: () => 'trailhouse:mcp',
  index: () => 'main',
};

const golden = (name: string): string =>
  new URL(`../../golden/sinks/splunk/${name}.wire.json`, import.meta.url).pathname;

const bodyOf = (batch: readonly AuditEvent[], how: Stamp): string =>
  written((page) => encode(batch, how, page)).toString();

describe('on the wire', () => {
  test.each([
    ['mcp-tool-call', full, stamp],
    ['plain', event({}), { ...stamp, sourcetype: () => 'trailhouse:endpoint', index: () => undefined }],
    ['replay', event({ outcome: 'failure' }), { ...stamp, replay: true }],
    ['login', event({ action: 'auth.login', outcome: 'denied', actor_id: 'u-17', client_address: '192.0.2.7' }), stamp],
    [
      'account',
      event({ action: 'user.provisioned', target: 'bob@example.com', actor_email: 'ada@example.com' }),
      stamp,
    ],
  ] satisfies [string, AuditEvent, typeof stamp | object][])('%s', async (name, given, how) => {
    const wire = JSON.parse(bodyOf([given], { ...stamp, ...how }));
    await expect(`${JSON.stringify(wire, null, 2)}\n`).toMatchFileSnapshot(golden(name));
  });
});

test('a time keeps its microseconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (occurred_at) => {
      const digits = bodyOf([event({ occurred_at })], stamp).match(/"time":(\d+)\.(\d{6})/);
      expect(Number(`${digits?.[1]}${digits?.[2]}`)).toBe(occurred_at);
    }),
  );
});

test('any text arrives as it is, and events stay apart', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
      const lines = bodyOf(
        texts.map((error_message) => event({ error_message })),
        stamp,
      ).split('\n');
      const read = lines.slice(0, -1).map((line) => JSON.parse(line).event.error_message ?? '');
      expect(read).toEqual(texts);
    }),
  );
});

describe('the Common Information Model', () => {
  test.each(Object.keys(ACTIONS))('%s: denied is never reported as done', (action) => {
    const { cim_model, action: done, status } = cimOf(event({ action, outcome: 'denied' }));
    if (cim_model === 'Change') expect(status).toBe('failure');
    else expect(['blocked', 'failure']).toContain(done);
  });

  test('an action unknown to it belongs to no model', () => {
    expect(cimOf(event({ action: 'moon.landing' }))).toMatchObject({ cim_model: '', action: 'allowed' });
  });
});
