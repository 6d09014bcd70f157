import { describe, expect, test } from 'vitest';
import { isIban, luhn } from '../../services/privacy/checksums.ts';
import { openMask } from '../../services/privacy/mask.ts';
import { openClasses, peopleDetectors } from '../../services/privacy/people.ts';

const settings = {
  off: [],
  national_ids: [
    { name: 'nino', template: 'AA 99 99 99 A' },
    { name: 'staff-id', template: 'S-99999', context: ['staff', 'employee'] },
  ],
  phi_terms: ['Project Caduceus', 'ward 7.b'],
};
const value = (text: string) => `tok_${Buffer.from(text).toString('base64url')}`;
const mask = openMask(peopleDetectors(settings).words, value);
const shown = (kind: string, text: string) => `[${kind}:${value(text)}]`;
const masked = (text: string) => mask(text, '').text;

describe('one value has one form, however it is written', () => {
  test.each([
    ['email', ['ada@Acme.EXAMPLE', 'ada@acme.example'], 'ada@acme.example'],
    ['phone', ['+1 (415) 555-0132', '415-555-0132', '(415) 555-0132', '+14155550132', '1-415-555-0132'], '14155550132'],
    ['phone', ['+44 20 7946 0958', '+44 (0)20 7946 0958', '+44-20-7946-0958'], '442079460958'],
    ['card', ['4111 1111 1111 1111', '4111-1111-1111-1111', '4111111111111111'], '4111111111111111'],
    ['card', ['3782 822463 10005', '378282246310005'], '378282246310005'],
    ['iban', ['GB82 WEST 1234 5698 7654 32', 'GB82WEST12345698765432'], 'GB82WEST12345698765432'],
    ['ssn', ['123-45-6789'], '123456789'],
    ['nino', ['AB 12 34 56 C', 'ab 12 34 56 c'], 'AB123456C'],
    ['phi-term', ['project caduceus', 'Project Caduceus'], 'project caduceus'],
  ])('%s', (kind, written, form) => {
    for (const text of written) expect(masked(`see ${text}, please`)).toBe(`see ${shown(kind, form)}, please`);
  });
});

describe('words before a number tell what it is', () => {
  test.each([
    ['MRN: 00482913', 'MRN: ', 'mrn', '00482913'],
    ['patient_id=AB-123456', 'patient_id=', 'mrn', 'AB123456'],
    ['NPI 1234567893', 'NPI ', 'npi', '1234567893'],
    ['SSN 123456789', 'SSN ', 'ssn', '123456789'],
    ['Tel. 020 7946 0958', 'Tel. ', 'phone', '02079460958'],
    ['staff S-12345', 'staff ', 'staff-id', 'S12345'],
    ['Diagnosis: E11.9', 'Diagnosis: ', 'diagnosis', 'E11.9'],
    ['the patient takes Metformin', 'the patient takes ', 'health-term', 'metformin'],
  ])('%s', (text, before, kind, form) => expect(masked(text)).toBe(`${before}${shown(kind, form)}`));

  test.each(['00482913', '1234567893', '123456789', '02079460958', 'S-12345', 'E11.9', 'takes Metformin'])(
    '%s alone says nothing',
    (text) => expect(masked(text)).toBe(text),
  );
});

test('two in a row are two', () => {
  expect(masked('123-45-6789 123-45-6780')).toBe(`${shown('ssn', '123456789')} ${shown('ssn', '123456780')}`);
  expect(masked('a@x.example,b@x.example')).toBe(`${shown('email', 'a@x.example')},${shown('email', 'b@x.example')}`);
});

test('in columns only numbers that are no identity of the trail', () => {
  const columns = openMask(peopleDetectors(settings).columns, value);
  const text = 'ada@acme.example +1 415-555-0132 Project Caduceus';
  expect(columns(text, '')).toEqual({ text, found: [] });
  expect(columns('/claims/123-45-6789.pdf', '').found).toEqual([]);
  expect(columns('card 4111111111111111', '').found).toEqual(['card']);
});

test('what is off is not looked for', () => {
  const off = openMask(peopleDetectors({ ...settings, off: ['email', 'card', 'phi-term'] }).words, value);
  expect(off('ada@acme.example 4111111111111111 Project Caduceus 123-45-6789', '').found).toEqual(['ssn']);
});

test('the class of each kind', () => {
  const classOf = openClasses(settings);
  expect(['email', 'nino', 'mrn', 'phi-term', 'aws-key'].map(classOf)).toEqual(['pii', 'pii', 'phi', 'phi', 'secret']);
});

test('checksums', () => {
  expect(['4111111111111111', '4111111111111112', '808401234567893'].map(luhn)).toEqual([true, false, true]);
  expect(['GB82WEST12345698765432', 'GB83WEST12345698765432'].map(isIban)).toEqual([true, false]);
});
