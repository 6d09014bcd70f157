import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Draft } from '../../../services/core/event.ts';
import { envelope } from '../../../services/formats/envelope/index.ts';
import { nearest } from '../../../services/formats/envelope/near.ts';

const base = { trailhouse: 1, time: '2026-03-04T09:15:00Z', action: 'tool.call', outcome: 'success' };

const reasonOf = (fields: object): string | undefined => {
  const verdict = envelope.read({ ...base, ...fields });
  return verdict.kind === 'accepted' ? undefined : verdict.reason;
};
const draftOf = (fields: object): Draft | undefined => {
  const verdict = envelope.read({ ...base, ...fields });
  return verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
};

test.each(Object.keys(ACTIONS))('takes %s', (action) => expect(draftOf({ action })?.action).toBe(action));

describe('who', () => {
  test('nobody said is nobody', () => expect(draftOf({})?.claims).toEqual({ basis: 'none' }));

  test('a ground must be named', () => {
    expect(reasonOf({ actor: { email: 'mara.lind@harbour.example' } })).toMatch(/^actor\.basis: /);
  });

  test.each(['idp', 'gateway_key', 'mtls', 'email_claim', 'account_id', 'device'])('%s rests on somebody', (basis) => {
    expect(reasonOf({ actor: { basis, id: ' ', email: '', name: 'Mara', team: 'platform' } })).toMatch(
      /^actor\.basis: /,
    );
    expect(draftOf({ actor: { basis, id: '7' } })?.claims).toEqual({ basis, id: '7' });
  });

  test.each(['session_binding', 'verified', ''])('%s is no ground a sender can have', (basis) => {
    expect(reasonOf({ actor: { basis, id: '7' } })).toMatch(/^actor\.basis: /);
  });

  test.each(['actr', 'Actor', 'acotr', 'user', 'email', 'user_email', 'principal'])('%s is no actor', (name) => {
    expect(reasonOf({ [name]: { basis: 'idp', id: '7' } })).toMatch(/did you mean actor\?$/);
  });

  test.each(['mail', 'e-mail', 'Email', 'user_id', 'role', 'ID'])('%s may not stand in an actor', (name) => {
    expect(reasonOf({ actor: { basis: 'idp', id: '7', [name]: 'x' } })).toMatch(/^actor: holds a field/);
  });
});

describe('a field nobody knows', () => {
  test.each(['note', 'ip', 'build', 'parent', 'kind', 'workspace_path'])('%s is content', (name) => {
    expect(draftOf({ [name]: { deep: ['kept'] } })?.content).toEqual({ [name]: { deep: ['kept'] } });
  });

  test.each([
    ['commnad', 'command'],
    ['sesion', 'session'],
    ['toolUseId', 'tool_use_id'],
    ['cost-usd', 'cost_usd'],
    ['Time', 'time'],
    ['event', 'events'],
  ])('%s is likely %s', (name, meant) => {
    expect(reasonOf({ [name]: 'x' })).toBe(`message: holds a field that is not known; did you mean ${meant}?`);
  });

  test('a slip is found in groups too', () => {
    expect(reasonOf({ tokens: { promt: 3 } })).toBe('tokens: holds a field that is not known; did you mean prompt?');
    expect(reasonOf({ guardrails: [{ name: 'a' }, { name: 'b', verdikt: 'block' }] })).toBe(
      'guardrails.1: holds a field that is not known; did you mean verdict?',
    );
  });
});

test('a hundred thousand unknown fields do not hold the reader up', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`unheard_of_${index}`, 1]));
  expect(draftOf(many)?.content).toEqual(many);
});

describe('numbers', () => {
  test.each([-1, 1.5, '12', 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('%s is no count of tokens', (prompt) => {
    expect(reasonOf({ tokens: { prompt } })).toMatch(/^tokens\.prompt: /);
  });

  test('a cost of whole millionths is in its column alone', () => {
    fc.assert(
      fc.property(fc.nat(1e9), (micros) => {
        const draft = draftOf({ cost_usd: micros / 1e6 });
        expect(draft).toMatchObject({ cost_micro_usd: micros, attributes: {} });
      }),
    );
  });

  test('a finer one is beside it as well', () => {
    expect(draftOf({ cost_usd: 0.0000004 })).toMatchObject({ cost_micro_usd: 0, attributes: { cost_usd: '4e-7' } });
  });
});

describe('a batch', () => {
  const { trailhouse: _, ...item } = base;

  test('places a fault where it stands', () => {
    const read = (message: object) => envelope.read({ trailhouse: 1, ...message });
    expect(read({ surface: 'moon', events: [item] })).toMatchObject({ reason: expect.stringMatching(/^surface: /) });
    expect(read({ events: [item, { ...item, surface: 'moon' }] })).toMatchObject({
      reason: expect.stringMatching(/^events\.1\.surface: /),
    });
    expect(read({ events: [item, { ...item, actr: {} }] })).toMatchObject({
      reason: expect.stringMatching(/^events\.1: /),
    });
    expect(read({ events: {} })).toEqual({ kind: 'rejected', reason: 'events: is no list' });
    expect(read({ events: [item, 3] })).toEqual({ kind: 'rejected', reason: 'events.1: is no object' });
    expect(read({ id: 'b', events: [item] })).toMatchObject({ reason: expect.stringMatching(/^id: /) });
    expect(read({ events: [{ ...item, events: [item] }] })).toMatchObject({
      reason: 'events.0.events: batches do not nest',
    });
  });

  test('may not be blown up by what it states for all', () => {
    const events = Array.from({ length: 70 }, () => item);
    expect(envelope.read({ trailhouse: 1, command: 'x'.repeat(1_000_000), events })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/^events: are too many/),
    });
  });

  test('reads like its events one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(ACTIONS)), { minLength: 1, maxLength: 9 }), (actions) => {
        const events = actions.map((action, index) => ({ ...item, id: `e${index}`, action }));
        const one = events.flatMap((each) => {
          const verdict = envelope.read({ trailhouse: 1, session: 's', ...each });
          return verdict.kind === 'accepted' ? verdict.drafts : [];
        });
        expect(envelope.read({ trailhouse: 1, session: 's', events })).toEqual({ kind: 'accepted', drafts: one });
      }),
    );
  });
});

describe('nearest', () => {
  test.each([
    ['shel.exec', ['shell.exec']],
    ['sehll.exec', ['shell.exec']],
    ['file.writ', ['file.write']],
    ['SHELL_EXEC', ['shell.exec']],
    ['x'.repeat(10_000), []],
  ])('%s', (word, words) => expect(nearest(word, Object.keys(ACTIONS), 2)).toEqual(words));

  test('one slip away is found', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ACTIONS)), fc.nat(), (word, at) => {
        const index = at % word.length;
        expect(nearest(word.slice(0, index) + word.slice(index + 1), [word], 1)).toEqual([word]);
      }),
    );
  });
});
