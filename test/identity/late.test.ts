import { describe, expect, test } from 'vitest';
import { readDirectory } from '../../services/identity/directory.ts';
import { corrections, type Unresolved } from '../../services/identity/late.ts';

const people =
  'email,name,account_id,team,device\n' +
  'mara@harbour.example,Mara Lind,acc-mara,platform,laptop-mara\n' +
  'tom@harbour.example,Tom Oak,acc-both,web,\n' +
  'ona@harbour.example,Ona Fir,acc-both,data,\n';
const read = readDirectory([{ name: 'people.csv', text: people }]);
if (read.kind === 'unreadable') throw new Error(read.reason);
const { directory } = read;

const MARA = 'mara@harbour.example';
const TOM = 'tom@harbour.example';
const SESSION = 'session:0b7f1c52-4c1e-4d7a-9a53-6c8a7e0f2d11';

const unresolved = (more: Partial<Unresolved>): Unresolved => ({
  claim: SESSION,
  events: 3,
  bases: ['none'],
  basis: 'none',
  confidence: 'none',
  named: false,
  people: [],
  corrected: undefined,
  ...more,
});
const account = { bases: ['account_id'], basis: 'account_id', confidence: 'claimed' } as const;
const device = { bases: ['device'], basis: 'device', confidence: 'inferred' } as const;
const found = (more: Partial<Unresolved>) => corrections([unresolved(more)], directory);

describe('is corrected', () => {
  test.each<[string, Partial<Unresolved>, object]>([
    [
      'a session of one person',
      { people: [MARA] },
      { email: MARA, team: 'platform', basis: 'session_binding', confidence: 'inferred' },
    ],
    ['a session of somebody unlisted', { people: ['new@harbour.example'] }, { email: 'new@harbour.example', name: '' }],
    [
      'an account, as sure as it was',
      { claim: 'actor:acc-mara', ...account },
      { email: MARA, basis: 'account_id', confidence: 'claimed' },
    ],
    [
      'an installation by its sessions',
      { claim: 'actor:i-1', ...device, people: [MARA] },
      { email: MARA, basis: 'device', confidence: 'inferred' },
    ],
    ['a device by the directory', { claim: 'actor:laptop-mara', ...device }, { email: MARA, basis: 'device' }],
  ])('%s', (_, more, correction) => {
    expect(found(more)).toMatchObject([{ ...correction, claim: unresolved(more).claim, events: 3 }]);
  });
});

describe('is not corrected', () => {
  test.each<[string, Partial<Unresolved>]>([
    ['a session nobody is known in', {}],
    ['a session of two people', { people: [MARA, TOM] }],
    ['a session whose id is short', { claim: 'session:cli-7', people: [MARA] }],
    ['a session in which an event states a name', { people: [MARA], named: true }],
    ['an account that is not listed', { claim: 'actor:acc-new', ...account, people: [MARA] }],
    ['an account of two people', { claim: 'actor:acc-both', ...account }],
    ['a session in whose id a credential was masked', { claim: 'session:[masked:openai-key]', people: [MARA] }],
    ['a device in whose id one was', { claim: 'actor:[masked:openai-key]', ...device, people: [MARA] }],
    [
      'a device of one by the directory and of another by its sessions',
      { claim: 'actor:laptop-mara', ...device, people: [TOM] },
    ],
    ['what is corrected to the same person', { people: [MARA], corrected: { email: MARA, confidence: 'inferred' } }],
    ['what nothing is known of any more', { corrected: { email: MARA, confidence: 'inferred' } }],
    ['what was taken back', { people: [MARA], corrected: { email: '', confidence: 'none' } }],
  ])('%s', (_, more) => {
    expect(found(more)).toEqual([]);
  });
});

describe('is taken back', () => {
  const before = { email: MARA, confidence: 'inferred' } as const;
  test.each<[string, Partial<Unresolved>]>([
    ['when a second person appears', { people: [MARA, TOM] }],
    ['when it would be another person', { people: [TOM] }],
    ['when an event states a name', { people: [MARA], named: true }],
    ['when the directory names two', { claim: 'actor:acc-both', ...account }],
  ])('%s', (_, more) => {
    const { basis, confidence } = unresolved(more);
    expect(found({ ...more, corrected: before })).toMatchObject([{ email: '', name: '', team: '', basis, confidence }]);
  });
});

test('an event of less confidence lowers that of the claim', () => {
  const verified = { claim: 'actor:acc-mara', corrected: { email: MARA, confidence: 'verified' } } as const;
  expect(found({ ...account, ...verified })).toMatchObject([{ email: MARA, confidence: 'claimed' }]);
  expect(found({ ...account, ...verified, corrected: { email: MARA, confidence: 'claimed' } })).toEqual([]);
});
