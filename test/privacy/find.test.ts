import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Draft } from '../../services/core/event.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { type Masking, maskDraft } from '../../services/privacy/draft.ts';
import { openValueFind } from '../../services/privacy/find.ts';
import { CREDENTIALS, findBy, openMask } from '../../services/privacy/mask.ts';
import { peopleDetectors } from '../../services/privacy/people.ts';
import { scanner } from '../../services/privacy/scan.ts';
import { contextOf } from '../../services/privacy/telling.ts';
import { maskValue, openValueMask } from '../../services/privacy/value.ts';
import { corpus } from './corpus/corpus.ts';
import { TOKENS } from './credentials.ts';

const settings = privacyConfig.parse({ national_ids: [{ name: 'nino', template: 'AA 99 99 99 A' }] });
const detectors = [...CREDENTIALS, ...peopleDetectors(settings).words];
const [findText, maskText] = [findBy(scanner(detectors)), openMask(detectors, () => `tok_${'a'.repeat(22)}`)];
const find = openValueFind((text, words) => findText(text, contextOf(text, words)));
const mask = openValueMask((text, words) => maskText(text, contextOf(text, words)));

const texts = corpus().map(({ text }) => text);

test('finds something in a text of the corpus where there is something to mask', () => {
  for (const text of texts) expect(findText(text, ''), text).toBe(maskText(text, '').found.length > 0);
});

/** Keys that tell, keys that do not, and what stands under them. */
const key = fc.constantFrom(
  'a',
  'name',
  'key',
  'value',
  'password',
  'api_key',
  'mrn',
  'phone',
  'ssn',
  'stringValue',
  'note',
);
const piece = fc.oneof(
  fc.constantFrom(
    'API_KEY',
    'password',
    '482913',
    '+1 415 555 0132',
    '078-05-1120',
    'hunter2 and more',
    '',
    'x'.repeat(70),
  ),
  fc.constantFrom(...texts.slice(0, 400), ...TOKENS),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const number = fc.constantFrom(1, 482_913, 123_456_789, 14_155_550_132, 4_111_111_111_111_111, 0.5);
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    piece,
    number,
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(key, piece), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('tells of every value in which something would be masked; of others only where a number holds a part', () => {
  fc.assert(
    fc.property(json, (value) => {
      const masks = mask(value).found.length > 0;
      if (masks) expect(find(value)).toBe(true);
      else if (!JSON.stringify(value).match(/[:[,][0-9]/)) expect(find(value)).toBe(false);
    }),
    { numRuns: 3_000 },
  );
});

/** Nothing is left out of the search for what to mask. */
const always: Masking = {
  find: { words: () => true, columns: () => true },
  words: maskValue,
  columns: maskValue,
  classOf: () => 'secret',
};

test('a draft in which nothing is found is one in which nothing would be masked', () => {
  const draft = fc.record({
    target: piece,
    command: piece,
    user_agent: piece,
    file_paths: fc.array(piece, { maxLength: 2 }),
    claims: fc.record({ basis: fc.constant('idp' as const), id: piece, groups: fc.array(piece, { maxLength: 2 }) }),
    attributes: fc.dictionary(key, piece, { maxKeys: 3, noNullPrototype: true }),
    personal_attributes: fc.dictionary(fc.constantFrom('subject.id', 'note'), piece, { noNullPrototype: true }),
    content: json,
  });
  fc.assert(
    fc.property(draft, (columns) => {
      const one: Draft = { action: 'llm.prompt', outcome: 'success', ...columns };
      expect(maskDraft(one)).toEqual(maskDraft(one, always));
    }),
    { numRuns: 1_000 },
  );
});
