import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Basis, Claims, Confidence } from '../../services/core/event.ts';
import { attribute, type Ceiling } from '../../services/identity/attribute.ts';

const REACHED: readonly (readonly [Basis, Ceiling, Confidence])[] = [
  ['idp', 'verified', 'verified'],
  ['idp', 'claimed', 'claimed'],
  ['gateway_key', 'verified', 'verified'],
  ['gateway_key', 'claimed', 'claimed'],
  ['mtls', 'verified', 'verified'],
  ['mtls', 'claimed', 'claimed'],
  ['email_claim', 'verified', 'claimed'],
  ['email_claim', 'claimed', 'claimed'],
  ['account_id', 'verified', 'claimed'],
  ['account_id', 'claimed', 'claimed'],
  ['session_binding', 'verified', 'inferred'],
  ['session_binding', 'claimed', 'inferred'],
  ['device', 'verified', 'inferred'],
  ['device', 'claimed', 'inferred'],
  ['none', 'verified', 'none'],
  ['none', 'claimed', 'none'],
];

test.each(REACHED)('%s under a ceiling of %s is %s', (basis, ceiling, confidence) => {
  const actor = attribute({ basis, id: 'u-1' }, ceiling);
  expect(actor).toMatchObject({ actor_basis: basis, actor_confidence: confidence, actor_id: 'u-1' });
});

const ORDER: readonly Confidence[] = ['none', 'inferred', 'claimed', 'verified'];
const text = fc.option(fc.string(), { nil: undefined });
const claims: fc.Arbitrary<Claims> = fc.record({
  basis: fc.constantFrom(...REACHED.map(([basis]) => basis)),
  id: text,
  email: fc.oneof(text, fc.emailAddress()),
  name: text,
  team: text,
  project: text,
  organisation: text,
  groups: fc.option(fc.array(fc.string()), { nil: undefined }),
});

test('never exceeds the ceiling, nor says what was not said', () => {
  fc.assert(
    fc.property(claims, fc.constantFrom<Ceiling>('verified', 'claimed'), (given, ceiling) => {
      const actor = attribute(given, ceiling);
      expect(ORDER.indexOf(actor.actor_confidence)).toBeLessThanOrEqual(ORDER.indexOf(ceiling));
      expect([given.basis, 'none']).toContain(actor.actor_basis);
      expect(actor.actor_kind).toBe('unknown');
      const said = JSON.stringify(given).toLowerCase();
      for (const column of [actor.actor_id, actor.actor_team, actor.actor_email])
        expect(said).toContain(JSON.stringify(column).slice(1, -1).toLowerCase());
    }),
  );
});

test('attributing twice is attributing once', () => {
  fc.assert(
    fc.property(claims, (given) => {
      const once = attribute(given, 'claimed');
      const again: Claims = {
        kind: once.actor_kind,
        basis: once.actor_basis,
        id: once.actor_id,
        email: once.actor_email,
        name: once.actor_name,
        team: once.actor_team,
        project: once.actor_project,
        organisation: once.actor_organisation,
        groups: once.actor_groups,
      };
      expect(attribute(again, 'claimed')).toEqual(once);
    }),
  );
});

test('takes over what was said, trimmed', () => {
  const given = {
    basis: 'idp',
    kind: 'service',
    id: ' key-1 ',
    name: 'Build bot',
    team: 'platform ',
    project: 'ci',
    organisation: 'Acme',
    groups: [' a', '', 'b'],
  } as const;
  expect(attribute(given, 'verified')).toEqual({
    actor_kind: 'service',
    actor_basis: 'idp',
    actor_confidence: 'verified',
    actor_team: 'platform',
    actor_project: 'ci',
    actor_organisation: 'Acme',
    actor_id: 'key-1',
    actor_email: '',
    actor_name: 'Build bot',
    actor_groups: ['a', 'b'],
  });
});

test.each([{}, { id: '', email: '  ', groups: [''] }])('a basis on which nothing was said is none: %j', (said) => {
  const actor = attribute({ basis: 'idp', ...said }, 'verified');
  expect(actor).toMatchObject({ actor_basis: 'none', actor_confidence: 'none' });
});

describe('e-mail', () => {
  test.each([
    [' Ada.Lovelace@EXAMPLE.com ', 'Ada.Lovelace@example.com'],
    ['a+b@x', 'a+b@x'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['jörg@Köln.example', 'jörg@köln.example'],
  ])('%j is the address %j', (email, address) => {
    expect(attribute({ basis: 'email_claim', email, id: 'u' }, 'claimed')).toMatchObject({
      actor_email: address,
      actor_id: 'u',
      actor_name: '',
    });
  });

  const malformed = [
    'ada',
    'ada@',
    '@example.com',
    'a b@example.com',
    'a@b@c',
    'a@x..y',
    'a@-x',
    `${'a'.repeat(65)}@x`,
  ];

  test.each(malformed)('%j is none, and becomes the id', (email) => {
    expect(attribute({ basis: 'email_claim', email, name: 'Ada' }, 'claimed')).toMatchObject({
      actor_email: '',
      actor_id: email,
      actor_name: 'Ada',
    });
  });

  test.each(malformed)('%j is none, and follows the name where the id is taken', (email) => {
    expect(attribute({ basis: 'account_id', email, id: 'u', name: 'Ada' }, 'claimed')).toMatchObject({
      actor_email: '',
      actor_id: 'u',
      actor_name: `Ada <${email}>`,
    });
    expect(attribute({ basis: 'account_id', email, id: email }, 'claimed')).toMatchObject({ actor_name: '' });
  });
});
