import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { encode } from '../../../services/sinks/datadog/encode.ts';
import { putLog } from '../../../services/sinks/datadog/log.ts';
import { event } from '../../support/event.ts';
import { written } from '../written.ts';
import { events, idOf, ids, NOON, receiver, sinkOn } from './rig.ts';

const ago = (ms: number): number => (NOON.getTime() - ms) * 1000;
const STAMP = { service: 'trailhouse', tags: 'env:production', replay: false };
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('the window of time', () => {
  test.each([
    ['older than 18 h', ago(18 * HOUR + 1), 'older than the 18 hours Datadog takes'],
    ['as good as 18 h old', ago(18 * HOUR - MINUTE), 'older than the 18 hours Datadog takes'],
    ['two hours ahead', ago(-2 * HOUR), 'further in the future than the 2 hours Datadog takes'],
  ])('%s: diverted unsent', async (_, occurred_at, reason) => {
    const intake = await receiver();
    const answer = await sinkOn(intake).deliver(events(2, { occurred_at }));
    expect(answer).toEqual({
      kind: 'partial',
      refused: [],
      diverted: [
        { index: 0, reason },
        { index: 1, reason },
      ],
    });
    expect([...intake.accepted(), ...intake.flawed()]).toEqual([]);
  });

  test.each([
    ['17 h 50 min old', ago(18 * HOUR - 10 * MINUTE)],
    ['an hour and a half ahead', ago(-1.5 * HOUR)],
  ])('%s: sent', async (_, occurred_at) => {
    const intake = await receiver();
    expect(await sinkOn(intake).deliver(events(1, { occurred_at }))).toEqual({ kind: 'delivered' });
    expect(intake.flawed()).toEqual([]);
  });

  const mixed = [ago(20 * HOUR), ago(0), ago(-3 * HOUR), ago(HOUR)].map((occurred_at, i) =>
    event({ event_id: idOf(i), occurred_at }),
  );

  test('those within are delivered, the others diverted by their positions', async () => {
    const intake = await receiver();
    const answer = await sinkOn(intake).deliver(mixed);
    expect(answer).toMatchObject({ kind: 'partial', refused: [], diverted: [{ index: 0 }, { index: 2 }] });
    expect(ids(intake.accepted())).toEqual([idOf(1), idOf(3)]);
  });

  test.each([
    [400, 'refused'],
    [403, 'parked'],
    [503, 'retry'],
  ])('%i settles none of them', async (status, kind) => {
    const intake = await receiver();
    intake.script({ kind: 'answer', status });
    expect((await sinkOn(intake).deliver(mixed)).kind).toBe(kind);
  });
});

describe('the size of a request', () => {
  test('1,000 events of a common size fit', async () => {
    const intake = await receiver();
    expect(await sinkOn(intake).deliver(events(1_000, { error_message: 'x'.repeat(1_000) }))).toEqual({
      kind: 'delivered',
    });
    expect(intake.accepted()).toHaveLength(1_000);
  });

  test('above 5 MB it is not sent', async () => {
    const intake = await receiver();
    const answer = await sinkOn(intake).deliver(events(8, { command: 'x'.repeat(900_000) }));
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^\d+ bytes exceed 5 MB$/) });
    expect(intake.accepted()).toEqual([]);
  });
});

describe('the size of a log', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => `/src/${'d'.repeat(40)}/${i}.ts`);
  const control = '\u0001'.repeat(900_000);

  test.each([
    ['a long command', { action: 'shell.exec', command: 'x'.repeat(1_200_000) }, 'trailhouse.command'],
    ['long in other letters', { target: '\u{1f512}é'.repeat(300_000) }, 'trailhouse.target'],
    ['all of it control characters', { error_message: control, command: control, target: control }, 'error.message'],
    ['many paths', { action: 'file.read', file_paths: many }, 'trailhouse.file_paths'],
    [
      'many attributes',
      { attributes: Object.fromEntries(many.map((path) => [path, 'value of some length'])) },
      'trailhouse.attributes',
    ],
    ['a long name', { personal_attributes: { ['k'.repeat(1_200_000)]: '1' } }, 'trailhouse.personal_attributes'],
    ['an actor without end', { actor_id: 'a'.repeat(600_000), actor_kind: 'user' }, 'usr.id'],
  ] satisfies [string, Partial<AuditEvent>, string][])('%s: cut here, and says so', async (_, columns, attribute) => {
    const intake = await receiver();
    const sink = sinkOn(intake);
    const given = event(columns);
    expect(await sink.deliver([given])).toEqual({ kind: 'delivered' });

    expect(intake.flawed()).toEqual([]);
    const [kept] = intake.accepted();
    expect(kept?.event_id).toBe(given.event_id);
    const whole = written((page) => putLog(page, given, STAMP));
    expect(kept?.log.trailhouse).toMatchObject({
      cut: true,
      original_bytes: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
      cut_attributes: expect.arrayContaining([attribute]),
    });
  });

  test('a log of a common size says nothing of it', async () => {
    const intake = await receiver();
    await sinkOn(intake).deliver(events(1));
    expect(intake.accepted()[0]?.log.trailhouse).not.toHaveProperty('cut');
  });

  test('what is short stays whole beside what is cut', () => {
    const columns = { command: 'x'.repeat(1_100_000), session_id: 'session-1', error_message: 'y'.repeat(50_000) };
    const [log] = JSON.parse(written((page) => encode([event(columns)], STAMP, page)).toString());
    expect(log.trailhouse.command).toBe('x'.repeat(100_000));
    expect(log.trailhouse.session_id).toBe('session-1');
    expect(log.error.message).toBe('y'.repeat(50_000));
  });
});
