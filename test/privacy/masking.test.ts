import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../services/core/event.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openMasking } from '../../services/privacy/masking.ts';
import { openTokens } from '../../services/privacy/profile.ts';
import { corpus } from './corpus/corpus.ts';
import { run, TOKENS } from './credentials.ts';

const key = Buffer.alloc(32, 7);
const settings = privacyConfig.parse({ national_ids: [{ name: 'nino', template: 'AA 99 99 99 A' }] });
const mask = openMasking(settings, key);
const token = openTokens(key);
const [credential = ''] = TOKENS;

const clean: Draft = {
  action: 'llm.prompt',
  outcome: 'success',
  claims: { basis: 'idp', email: 'ada@acme.example' },
  attributes: { a: 'b', 'user.email': 'ada@acme.example' },
  personal_attributes: {},
  target: 'ada@acme.example',
  content: { prompt: 'hello', count: 4_111_111_111_111_111, at: 1_772_618_400_123 },
};

test('returns the draft itself where there is nothing to mask', () => {
  const masked = mask(clean);
  expect(masked).toEqual({ draft: clean, secrets: 0, classes: [], original: undefined });
  expect(masked.draft).toBe(clean);
});

test('ids of whom an act is about stay as columns have them; a credential among them is masked', () => {
  const about = { 'subject.id': '4111111111111111', 'subject.claim': 'actor:078-05-1120', 'subject.name': credential };
  const masked = mask({ ...clean, personal_attributes: { ...about, note: 'SSN 078-05-1120' } });
  expect(masked.draft.personal_attributes).toEqual({
    ...about,
    'subject.name': '[masked:aws-key]',
    note: `SSN [ssn:${token('078051120')}]`,
  });
});

test('people in content, command and error_message become tokens that join; the original keeps them, without secrets', () => {
  const say = `mail ada@acme.example with ${credential}`;
  const masked = mask({ ...clean, content: { prompt: say }, command: say, error_message: say });
  const said = `mail [email:${token('ada@acme.example')}] with [masked:aws-key]`;
  expect(masked.draft).toMatchObject({ content: { prompt: said }, command: said, error_message: said });
  expect(masked).toMatchObject({ secrets: 3, classes: ['pii', 'secret'] });
  const kept = 'mail ada@acme.example with [masked:aws-key]';
  expect(masked.original).toEqual({ content: { prompt: kept }, command: kept, error_message: kept });
});

test('in other columns e-mail addresses stay, numbers do not', () => {
  const draft: Draft = {
    ...clean,
    target: 'claims of 123-45-6789',
    file_paths: ['/home/ada@acme.example/x', '/scan of 123-45-6789'],
    attributes: { ...clean.attributes, card: '4111111111111111' },
    personal_attributes: { 'patient.id': '00482913' },
  };
  const masked = mask(draft);
  const ssn = `[ssn:${token('123456789')}]`;
  expect(masked.draft).toMatchObject({
    claims: clean.claims,
    target: `claims of ${ssn}`,
    file_paths: ['/home/ada@acme.example/x', `/scan of ${ssn}`],
    attributes: { ...clean.attributes, card: `[card:${token('4111111111111111')}]` },
    personal_attributes: { 'patient.id': `[mrn:${token('00482913')}]` },
  });
  const { target, file_paths, attributes, personal_attributes } = draft;
  expect(masked.original).toEqual({ target, file_paths, attributes, personal_attributes });
  expect(masked.classes).toEqual(['phi', 'pii']);
});

describe('a key says what stands under it', () => {
  test.each([
    [{ mrn: '00482913' }, { mrn: `[mrn:${token('00482913')}]` }],
    [{ mrn: 482_913 }, { mrn: `[mrn:${token('482913')}]` }],
    [{ patientId: ['482913'] }, { patientId: [`[mrn:${token('482913')}]`] }],
    [{ card_number: 4_111_111_111_111_111 }, { card_number: `[card:${token('4111111111111111')}]` }],
    [{ ssn: 123_456_789 }, { ssn: `[ssn:${token('123456789')}]` }],
    [{ phoneNumber: 14_155_550_132 }, { phoneNumber: `[phone:${token('14155550132')}]` }],
    [
      { name: 'mrn', value: '482913' },
      { name: 'mrn', value: `[mrn:${token('482913')}]` },
    ],
    [
      { key: 'patient.id', value: { stringValue: '482913' } },
      { key: 'patient.id', value: { stringValue: `[mrn:${token('482913')}]` } },
    ],
    [{ 'ada@acme.example': 1 }, { [`[email:${token('ada@acme.example')}]`]: 1 }],
  ])('%j', (content, expected) => expect(mask({ ...clean, content }).draft.content).toEqual(expected));

  test.each([
    { patient_count: 482_913, record: 'see 12345' },
    { id: 482_913, size: 123_456_789, phone: true, patient_id: 7 },
    { patientId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' },
  ])('%j stays', (content) => expect(mask({ ...clean, content }).draft.content).toBe(content));
});

test('source code is a class, and stays', () => {
  const code = 'import { a } from "./a.ts";\n\nexport function f(x: number): number {\n  return a(x) + 1;\n}\n';
  const masked = mask({ ...clean, content: { file: { text: code } } });
  expect(masked).toMatchObject({ classes: ['source_code'], secrets: 0, original: undefined });
  expect(masked.draft.content).toEqual({ file: { text: code } });
  const off = openMasking({ ...settings, off: ['source-code'] }, key);
  expect(off({ ...clean, content: code }).classes).toEqual([]);
  expect(mask({ ...clean, content: 'Dear Ada,\n\nplease (as we said)\ncall me.\n\nYours\nBob' }).classes).toEqual([]);
});

test('another key gives another token', () => {
  const other = openMasking(settings, Buffer.alloc(32, 8));
  const draft: Draft = { ...clean, command: 'mail ada@acme.example' };
  expect(other(draft).draft.command).not.toBe(mask(draft).draft.command);
});

const labelled = corpus().filter(({ labels }) => labels.length > 0);

test('of the corpus nothing that was found is left, and masking it again changes nothing', () => {
  for (const { text } of labelled) {
    const once = mask({ ...clean, content: text });
    const again = mask(once.draft);
    expect(again.draft.content, text).toBe(once.draft.content);
    expect(again.original).toBeUndefined();
  }
});

test('any mixture settles', () => {
  const piece = fc.oneof(
    fc.constantFrom(...labelled.map(({ text }) => text)),
    fc.constantFrom(
      ' ',
      '@',
      '[',
      ']',
      ':',
      '-',
      '+',
      '1',
      '555',
      'MRN ',
      'patient ',
      '[email:',
      'tok_',
      `[email:tok_${run(22)}]`,
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const once = mask({ ...clean, content: pieces.join('') });
      expect(mask(once.draft).draft.content).toBe(once.draft.content);
    }),
    { numRuns: 1000 },
  );
});
