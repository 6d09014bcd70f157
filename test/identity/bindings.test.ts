import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bindings, type Evidence, openBindings } from '../../services/identity/bindings.ts';
import { event } from '../support/event.ts';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 15, 12) * 1000;
const SESSION = '0b7f1c52-4c1e-4d7a-9a53-6c8a7e0f2d11';
const DAYS = { session_days: 2, device_days: 1 };

const seen = (email: string, at = NOW, more: Partial<Evidence> = {}): Evidence =>
  event({ actor_email: email, session_id: SESSION, device: 'd-1', received_at: at, ingested_at: at, ...more });

function learned(...events: readonly Evidence[]): Bindings {
  const bindings = openBindings(DAYS);
  for (const each of events) bindings.learn(each);
  return bindings;
}

const at = (time: number) => ({ at: time, now: time });
const MARA = 'mara@harbour.example';
const TOM = 'tom@harbour.example';

test('a session and a device are those of the one person seen with them', () => {
  const bindings = learned(seen(MARA, NOW, { host: 'HB-mara-01' }));
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'one', it: MARA });
  expect(bindings.device('d-1', at(NOW))).toEqual({ kind: 'one', it: MARA });
  expect(bindings.host('hb-mara-01', at(NOW))).toEqual({ kind: 'one', it: MARA });
  expect(bindings.session('another-session-of-hers', NOW)).toEqual({ kind: 'none' });
});

test.each([
  ['an inference', { actor_confidence: 'inferred' }],
  ['nothing at all', { actor_confidence: 'none' }],
  ['a service', { actor_kind: 'service' }],
  ['no address', { actor_email: '' }],
] as const)('nothing is learned from %s', (_, more) => {
  const bindings = learned(seen(MARA, NOW, more));
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'none' });
  expect(bindings.device('d-1', at(NOW))).toEqual({ kind: 'none' });
});

test('ids and names that many have bind nobody', () => {
  const bindings = learned(seen(MARA, NOW, { session_id: 'cli-7', host: 'localhost' }));
  expect(bindings.session('cli-7', NOW)).toEqual({ kind: 'none' });
  expect(bindings.host('localhost', at(NOW))).toEqual({ kind: 'none' });
});

test('ids in which a credential was masked are alike, and bind nobody', () => {
  const masked = '[masked:openai-key]';
  const bindings = learned(seen(MARA, NOW, { session_id: masked, device: masked, host: `${masked}.harbour.example` }));
  expect(bindings.session(masked, NOW)).toEqual({ kind: 'none' });
  expect(bindings.device(masked, at(NOW))).toEqual({ kind: 'none' });
  expect(bindings.host(`${masked}.harbour.example`, at(NOW))).toEqual({ kind: 'none' });
});

test('a session of two people is nobody’s, and stays so', () => {
  const bindings = learned(seen(MARA), seen(TOM, NOW + HOUR), seen(TOM, NOW + DAY));
  expect(bindings.session(SESSION, NOW + DAY)).toEqual({ kind: 'several' });
});

test('a session that nothing was seen of runs out', () => {
  const bindings = learned(seen(MARA));
  expect(bindings.session(SESSION, NOW + 2 * DAY)).toEqual({ kind: 'one', it: MARA });
  expect(bindings.session(SESSION, NOW + 2 * DAY + 1)).toEqual({ kind: 'none' });
});

describe('a device', () => {
  test('is somebody’s from the first sighting to a day after the last', () => {
    const bindings = learned(seen(MARA, NOW), seen(MARA, NOW + HOUR));
    expect(bindings.device('d-1', { at: NOW - 1, now: NOW })).toEqual({ kind: 'none' });
    expect(bindings.device('d-1', at(NOW + HOUR + DAY))).toEqual({ kind: 'one', it: MARA });
    expect(bindings.device('d-1', at(NOW + HOUR + DAY + 1))).toEqual({ kind: 'none' });
  });

  test('of two people is nobody’s until one of them was not seen for a day', () => {
    const bindings = learned(seen(MARA, NOW), seen(TOM, NOW + HOUR), seen(TOM, NOW + DAY));
    expect(bindings.device('d-1', at(NOW + DAY))).toEqual({ kind: 'several' });
    expect(bindings.device('d-1', at(NOW + DAY + 1))).toEqual({ kind: 'one', it: TOM });
    expect(bindings.device('d-1', { at: NOW + HOUR, now: NOW + DAY + 1 })).toEqual({ kind: 'several' });
  });

  test('does not mind the order in which it hears', () => {
    const people = fc.array(fc.record({ email: fc.constantFrom(MARA, TOM), hours: fc.nat({ max: 60 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(people, fc.nat({ max: 60 }), (sightings, hours) => {
        const events = sightings.map((one) => seen(one.email, NOW + one.hours * HOUR, { ingested_at: NOW + 3 * DAY }));
        const asked = { at: NOW + hours * HOUR, now: NOW + 3 * DAY };
        const found = learned(...events).device('d-1', asked);
        if (found.kind !== 'one') return;
        const others = sightings.filter(
          (one) => one.email !== found.it && one.hours <= hours && hours - one.hours <= 24,
        );
        expect(others).toEqual([]);
      }),
    );
  });
});

test('what came before the beginning of knowledge may have been another’s', () => {
  const bindings = learned(seen(MARA));
  bindings.blindBefore(NOW - 2 * DAY);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'one', it: MARA });
  bindings.blindBefore(NOW - 2 * DAY + 1);
  expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'several' });
  expect(bindings.device('d-1', at(NOW))).toEqual({ kind: 'one', it: MARA });
});

test('forgetting loses inferences and makes none', () => {
  const name = fc.nat({ max: 5 }).map((number) => `session-number-${number}`.padEnd(20, 'x'));
  const one = fc.record({
    session: name,
    email: fc.constantFrom(MARA, TOM, 'ada@harbour.example'),
    step: fc.nat({ max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), (steps) => {
      const small = openBindings(DAYS, { sessions: 2, devices: 2 });
      const large = openBindings(DAYS);
      let time = NOW;
      for (const { session, email, step } of steps) {
        time += step * HOUR;
        for (const bindings of [small, large])
          bindings.learn(seen(email, time, { session_id: session, device: session }));
        for (let number = 0; number <= 5; number++) {
          const id = `session-number-${number}`.padEnd(20, 'x');
          const known = small.session(id, time);
          if (known.kind === 'one') expect(large.session(id, time)).toEqual(known);
          const device = small.device(id, at(time));
          if (device.kind === 'one') expect(large.device(id, at(time))).toEqual(device);
        }
      }
    }),
  );
});

test('who is erased is known no more, also from what is read again later; what comes after the order counts', () => {
  const bindings = learned(
    seen('Mara@harbour.example', NOW, { host: 'hb-01' }),
    seen(TOM, NOW, { session_id: `${SESSION}-2` }),
  );
  bindings.forget(MARA, at(NOW + 1));
  for (const again of [false, true]) {
    if (again) bindings.learn(seen(MARA, NOW));
    expect(bindings.session(SESSION, NOW)).toEqual({ kind: 'several' });
    expect(bindings.device('d-1', at(NOW)).kind).not.toBe('one');
    expect(bindings.host('hb-01', at(NOW)).kind).not.toBe('one');
  }
  expect(bindings.session(`${SESSION}-2`, NOW)).toEqual({ kind: 'one', it: TOM });
  const later = 'a-session-after-the-order';
  bindings.learn(seen(MARA, NOW + HOUR, { session_id: later }));
  expect(bindings.session(later, NOW + HOUR)).toEqual({ kind: 'one', it: MARA });
});
