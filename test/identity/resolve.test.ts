import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Basis, Claims, Confidence } from '../../services/core/event.ts';
import { attribute, type Ceiling } from '../../services/identity/attribute.ts';
import { readDirectory } from '../../services/identity/directory.ts';
import type { Found } from '../../services/identity/person.ts';
import { asSaid, type Bound, type Context, openIdentity } from '../../services/identity/resolve.ts';

const people =
  'email,name,subject,account_id,team,project,organisation,groups,status,device\n' +
  'mara@harbour.example,Mara Lind,00u-mara,acc-mara,platform,lighthouse,Harbour,engineers,active,laptop-mara\n' +
  'tom@harbour.example,Tom Oak,00u-tom,acc-tom,web,shop,Harbour,engineers,deprovisioned,laptop-tom\n' +
  ',Ona Fir,00u-ona,,data,,,,,\n';
const keys = 'key_alias,key_hash,owner_email,team\nkey-mara,88dc,mara@harbour.example,night\nkey-nobody,,,batch\n';
const read = readDirectory([
  { name: 'people.csv', text: people },
  { name: 'keys.csv', text: keys },
]);
if (read.kind === 'unreadable') throw new Error(read.reason);
const { directory } = read;

const NONE: Found<string> = { kind: 'none' };
const bound = (session: Found<string>, device: Found<string> = NONE, host: Found<string> = NONE): Bound => ({
  session: () => session,
  device: (id) => (id === '' ? NONE : device),
  host: () => host,
});
const one = (it: string): Found<string> => ({ kind: 'one', it });
const HERE: Context = { session: 's', device: 'd', host: 'h', at: 1, now: 1 };

const identify = openIdentity(directory, bound(NONE));
const MARA = { actor_email: 'mara@harbour.example', actor_name: 'Mara Lind', actor_team: 'platform' };

describe('the directory fills what the claims left empty', () => {
  const filled = { ...MARA, actor_project: 'lighthouse', actor_organisation: 'Harbour', actor_groups: ['engineers'] };
  test.each<[string, Claims, object]>([
    ['a subject', { basis: 'idp', id: '00u-mara' }, { ...filled, actor_basis: 'idp', actor_confidence: 'verified' }],
    [
      'an account',
      { basis: 'account_id', id: 'acc-mara' },
      { ...filled, actor_basis: 'account_id', actor_confidence: 'claimed' },
    ],
    [
      'an address',
      { basis: 'email_claim', email: 'Mara@harbour.example' },
      { ...filled, actor_email: 'Mara@harbour.example' },
    ],
    [
      'a key’s alias',
      { basis: 'gateway_key', id: 'key-mara', kind: 'service' },
      { ...filled, actor_team: 'night', actor_kind: 'service' },
    ],
    [
      'a key’s hash',
      { basis: 'gateway_key', id: '88dc' },
      { ...filled, actor_team: 'night', actor_confidence: 'verified' },
    ],
    [
      'a key that was only named',
      { basis: 'account_id', id: '88dc' },
      { ...filled, actor_team: 'night', actor_basis: 'gateway_key', actor_confidence: 'claimed' },
    ],
    ['a key of nobody', { basis: 'gateway_key', id: 'key-nobody' }, { actor_email: '', actor_team: 'batch' }],
    [
      'somebody without an address',
      { basis: 'idp', id: '00u-ona' },
      { actor_email: '', actor_name: 'Ona Fir', actor_team: 'data' },
    ],
    ['somebody who left', { basis: 'idp', id: '00u-tom' }, { actor_email: 'tom@harbour.example' }],
    [
      'a device',
      { basis: 'device', id: 'laptop-mara', kind: 'device' },
      { ...filled, actor_basis: 'device', actor_confidence: 'inferred' },
    ],
  ])('%s', (_, claims, columns) => {
    expect(identify(claims, 'verified', { ...HERE, device: '', host: '' })).toMatchObject(columns);
  });

  test('and replaces nothing that was said', () => {
    const said = {
      basis: 'idp',
      id: '00u-mara',
      name: 'M.',
      team: 'red',
      groups: ['x'],
      organisation: 'Else',
    } as const;
    expect(identify(said, 'verified', HERE)).toMatchObject({
      actor_name: 'M.',
      actor_team: 'red',
      actor_groups: ['x'],
      actor_organisation: 'Else',
      actor_project: 'lighthouse',
    });
  });

  test.each<[string, Claims]>([
    ['an id of one person and an address of another', { basis: 'idp', id: '00u-tom', email: 'mara@harbour.example' }],
    ['an id of one person and an unlisted address', { basis: 'idp', id: '00u-tom', email: 'new@harbour.example' }],
    ['an id on which nothing rests', { basis: 'none', id: '00u-mara' }],
    ['an unlisted id', { basis: 'idp', id: '00u-new' }],
    ['a device by the id of a person', { basis: 'device', id: '00u-mara' }],
  ])('not where there is %s', (_, claims) => {
    expect(identify(claims, 'verified', HERE)).toEqual(attribute(claims, 'verified'));
  });
});

describe('where no claim names anybody', () => {
  const nobody: Claims = { basis: 'none' };
  const installation: Claims = { kind: 'device', basis: 'device', id: 'i-1' };
  const mara = one('mara@harbour.example');

  test.each<[string, Claims, Bound, object]>([
    [
      'the session does',
      nobody,
      bound(mara),
      { ...MARA, actor_basis: 'session_binding', actor_confidence: 'inferred' },
    ],
    [
      'the session does before the device',
      installation,
      bound(mara, one('tom@harbour.example')),
      { ...MARA, actor_basis: 'session_binding', actor_id: 'i-1' },
    ],
    [
      'the device does',
      installation,
      bound(NONE, mara),
      { ...MARA, actor_basis: 'device', actor_confidence: 'inferred', actor_id: 'i-1' },
    ],
    ['the host does', nobody, bound(NONE, NONE, mara), { ...MARA, actor_basis: 'device' }],
    [
      'somebody unlisted is who it was',
      nobody,
      bound(one('new@harbour.example')),
      { actor_email: 'new@harbour.example', actor_name: '' },
    ],
    ['a team that was said stays', { basis: 'none', team: 'red' }, bound(mara), { ...MARA, actor_team: 'red' }],
  ])('%s', (_, claims, bindings, columns) => {
    expect(openIdentity(directory, bindings)(claims, 'verified', HERE)).toMatchObject(columns);
  });

  test.each<[string, Claims, Bound]>([
    ['a session of several', nobody, bound({ kind: 'several' }, mara)],
    ['a device of several', nobody, bound(NONE, { kind: 'several' }, mara)],
    ['a device of one and a host of another', nobody, bound(NONE, mara, one('tom@harbour.example'))],
    ['a device listed as another’s', { ...installation, id: 'laptop-tom' }, bound(NONE, mara)],
    ['an account nobody knows', { basis: 'account_id', id: 'acc-new' }, bound(mara, mara, mara)],
    ['a name', { basis: 'none', name: 'Bob' }, bound(mara, mara, mara)],
    ['a service', { kind: 'service', basis: 'none' }, bound(mara, mara, mara)],
    ['an agent', { kind: 'agent', basis: 'none' }, bound(mara, mara, mara)],
  ])('nobody is inferred from %s', (_, claims, bindings) => {
    expect(openIdentity(directory, bindings)(claims, 'verified', HERE)).toEqual(attribute(claims, 'verified'));
  });
});

const ORDER: readonly Confidence[] = ['none', 'inferred', 'claimed', 'verified'];
const BASES: readonly Basis[] = [
  'idp',
  'gateway_key',
  'mtls',
  'email_claim',
  'account_id',
  'session_binding',
  'device',
  'none',
];
const id = fc.constantFrom('00u-mara', 'acc-tom', 'key-mara', '88dc', 'laptop-tom', 'x', '', undefined);
const text = fc.option(fc.string(), { nil: undefined });
const claims: fc.Arbitrary<Claims> = fc.record({
  kind: fc.constantFrom('user', 'service', 'agent', 'device', 'system', 'unknown', undefined),
  basis: fc.constantFrom(...BASES),
  id: fc.oneof(id, text),
  email: fc.oneof(text, fc.constantFrom('mara@harbour.example', 'TOM@harbour.example', 'new@harbour.example')),
  name: text,
  team: text,
  project: text,
  organisation: text,
  groups: fc.option(fc.array(fc.string()), { nil: undefined }),
});
const found = fc.constantFrom<Found<string>>(
  NONE,
  { kind: 'several' },
  one('mara@harbour.example'),
  one('tom@harbour.example'),
);
const places = fc.tuple(found, found, found).map((three) => bound(...three));

test('is never above the ceiling, nor above what the claim reached, and replaces nothing', () => {
  fc.assert(
    fc.property(claims, places, fc.constantFrom<Ceiling>('verified', 'claimed'), (given, bindings, ceiling) => {
      const said = attribute(given, ceiling);
      const actor = openIdentity(directory, bindings)(given, ceiling, HERE);
      const { actor_confidence: confidence, actor_basis: basis } = actor;
      expect(ORDER.indexOf(confidence)).toBeLessThanOrEqual(ORDER.indexOf(ceiling));
      if (confidence !== said.actor_confidence) {
        expect(confidence).toBe('inferred');
        expect([said.actor_email, said.actor_name]).toEqual(['', '']);
        if (said.actor_id !== '') expect(said.actor_basis).toBe('device');
      }
      if (basis === 'session_binding' && said.actor_basis !== basis) expect(confidence).toBe('inferred');
      for (const column of [
        'actor_id',
        'actor_email',
        'actor_name',
        'actor_team',
        'actor_project',
        'actor_organisation',
      ] as const)
        if (said[column] !== '') expect(actor[column]).toBe(said[column]);
      if (said.actor_groups.length > 0) expect(actor.actor_groups).toEqual(said.actor_groups);
      expect([actor.actor_kind, actor.actor_id]).toEqual([said.actor_kind, said.actor_id]);
    }),
  );
});

test('without a directory and bindings it is what was said', () => {
  fc.assert(
    fc.property(claims, (given) => void expect(asSaid(given, 'claimed', HERE)).toEqual(attribute(given, 'claimed'))),
  );
});
