import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { encode } from '../../../services/sinks/datadog/encode.ts';
import { event } from '../../support/event.ts';
import { full } from '../../support/full-event.ts';
import { written } from '../written.ts';
import { events, receiver, sinkOn } from './rig.ts';

const stamp = { service: 'trailhouse', tags: 'env:production,team:security', replay: false };

const wire = (given: AuditEvent, how: Partial<typeof stamp> = {}) =>
  JSON.parse(written((page) => encode([given], { ...stamp, ...how }, page)).toString())[0];

const golden = (name: string): string =>
  new URL(`../../golden/sinks/datadog/${name}.wire.json`, import.meta.url).pathname;

describe('on the wire', () => {
  test.each([
    ['mcp-tool-call', full, {}],
    ['plain', event({}), {}],
    ['replay', event({ outcome: 'failure' }), { replay: true }],
    ['login', event({ action: 'auth.login', outcome: 'denied', actor_id: 'u-17', client_address: '192.0.2.7' }), {}],
    ['account', event({ action: 'user.provisioned', target: 'bob@example.com', actor_email: 'ada@example.com' }), {}],
    ['key', event({ action: 'key.revoked', target: 'key-17', actor_kind: 'service', actor_id: 'rotator' }), {}],
    ['file', event({ action: 'file.write', file_paths: ['/src/a.ts', 'C:\\src\\b.ts'] }), {}],
    ['shell', event({ action: 'shell.exec', command: 'rm -rf "/tmp/x"', host: 'laptop-17' }), {}],
    [
      'guardrail',
      event({ action: 'guardrail.fired', outcome: 'denied', severity: 'critical', guardrails: full.guardrails }),
      {},
    ],
    [
      'tokens',
      event({
        actor_email: 'tok_5pPvJ0mXQ2cVx8sZkT1aBg',
        client_address: 'tok_h2WcY7qLr0nUd3fGmE9oKw',
        target: 'tok_9aXkPzT4vB6yNcRjSgH1Lu',
        status_code: -32_001,
      }),
      {},
    ],
  ] satisfies [string, AuditEvent, Partial<typeof stamp>][])('%s', async (name, given, how) => {
    await expect(`${JSON.stringify(wire(given, how), null, 2)}\n`).toMatchFileSnapshot(golden(name));
  });
});

test('what is empty is left out', () => {
  const text = JSON.stringify(wire(event({ surface: '', product: '' })));
  expect(text).not.toMatch(/:""|:null|:\{\}|:\[\]/);
});

test('any text arrives as it is', async () => {
  const any = fc.string({ unit: 'binary' });
  const columns = fc.record({
    actor_id: any,
    actor_name: any,
    surface: any,
    product: any,
    target: any,
    host: any,
    client_address: any,
    retention_class: any,
    action: any,
    outcome: any,
    severity: any,
    actor_kind: any,
    file_paths: fc.array(any),
  });
  await fc.assert(
    fc.asyncProperty(columns, async (given) => {
      const log = wire(event(given));
      expect(log.usr ?? {}).toEqual({
        ...(given.actor_id === '' ? {} : { id: given.actor_id }),
        ...(given.actor_name === '' ? {} : { name: given.actor_name }),
      });
      expect(log.trailhouse.target ?? '').toBe(given.target);
      expect(log.trailhouse.outcome).toBe(given.outcome);
      expect(log.ddtags).toMatch(/^env:production,team:security,retention_class:[\w./-]*(,surface:[\w./-]+)?$/);
    }),
  );
});

test('hostile words in tags and columns pass the intake', async () => {
  const intake = await receiver();
  const hostile = { surface: 'cli,env:dev replay:true', retention_class: 'a+b,c', product: '"}]', host: '\u2028' };
  expect(await sinkOn(intake).deliver(events(2, hostile))).toEqual({ kind: 'delivered' });
  expect(intake.flawed()).toEqual([]);
  expect(intake.accepted()[0]?.log.ddtags).toBe('env:production,retention_class:a_b_c,surface:cli_env_dev_replay_true');
});

test('no event has as many attributes as Datadog stops at', async () => {
  const intake = await receiver();
  const large = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`name.${i}`, 'value']));
  const larger = { ...large, 'name.61': 'value' };
  const { deliver } = sinkOn(intake, {}, { replay: true });
  await deliver([
    { ...full, attributes: large, personal_attributes: large },
    { ...full, attributes: larger, personal_attributes: larger },
  ]);
  expect(intake.flawed()).toEqual([]);
  expect(intake.accepted()[0]?.log.trailhouse).toMatchObject({ attributes: large });
  expect(intake.accepted()[1]?.log.trailhouse).toMatchObject({ attributes: JSON.stringify(larger) });
});

test.each([
  ['info', 'success', 'info'],
  ['info', 'unknown', 'info'],
  ['info', 'denied', 'warning'],
  ['low', 'success', 'notice'],
  ['low', 'failure', 'warning'],
  ['medium', 'success', 'warning'],
  ['high', 'denied', 'error'],
  ['critical', 'failure', 'critical'],
  ['unheard of', 'success', 'info'],
])('%s and %s are %s', (severity, outcome, status) => {
  expect(wire(event({ severity, outcome })).status).toBe(status);
});

test.each([
  ['192.0.2.7', true],
  ['2001:db8::1', true],
  ['192.0.2.7:443', false],
  ['laptop-17', false],
  ['tok_h2WcY7qLr0nUd3fGmE9oKw', false],
])('%s as an address of the network: %s', (client_address, isAddress) => {
  const log = wire(event({ client_address }));
  expect(log.network?.client.ip).toBe(isAddress ? client_address : undefined);
  expect(log.ocsf.src_endpoint?.ip).toBe(isAddress ? client_address : undefined);
  expect(log.trailhouse.client_address).toBe(isAddress ? undefined : client_address);
});

test('a line is short, whatever the event holds', () => {
  const long = '\u{1f512}'.repeat(5_000);
  const { message } = wire(event({ actor_email: long, target: long, product: long }));
  expect(message.length).toBeLessThan(700);
  expect(message.isWellFormed()).toBe(true);
});
