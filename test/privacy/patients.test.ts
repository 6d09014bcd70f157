import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordAt, recordNumber } from '../../services/privacy/patients.ts';
import { corpus } from './corpus/corpus.ts';

/** Names, what links them to a number, letters of the number, and what is none of these. */
const piece = fc.oneof(
  fc.constantFrom('MRN', 'mrns', 'medical record', 'med rec', 'Patient ID', 'ptno', 'pt-nr', 'beneficiary identifier'),
  fc.constantFrom('Patientennummer', 'pat_id', 'chart no', 'hospital number', 'numéro de dossier', 'historia clínica'),
  fc.constantFrom(
    'number',
    '_no',
    ' num',
    'id',
    's',
    ' is ',
    'was ',
    ': ',
    '\\n',
    '\\"',
    '\t',
    '\u00a0',
    '#',
    '-',
    '(',
  ),
  fc.constantFrom('AB', 'ABCD', 'abcde', 'x-', 'a8ac-cd8c', 'order ', 'that', '.', '|', '\\'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

/** The digits that begin at a place, as the search for numbers reads them. */
function read(text: string, at: number): unknown {
  const [digits = ''] = /^[0-9]+/.exec(text.slice(at)) ?? [];
  return recordNumber.read(text, at, digits.length, false);
}

test('what the letters before digits turn away is no record', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom('12345', '12-345', '123'), (pieces, digits) => {
      const before = pieces.join('');
      const text = `${before}${digits} `;
      expect(read(text, before.length)).toEqual(recordAt(text, before.length));
    }),
    { numRuns: 20_000 },
  );
});

test('nor is it in any text of the corpus', () => {
  for (const { text } of corpus())
    for (const { index } of text.matchAll(/(?<![0-9])[0-9]+(?![A-Za-z_])/g))
      expect(read(text, index), text.slice(Math.max(0, index - 60), index)).toEqual(recordAt(text, index));
});
