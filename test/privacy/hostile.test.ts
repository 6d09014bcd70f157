import { afterEach, expect, test, vi } from 'vitest';
import { CREDENTIALS, openMask } from '../../services/privacy/mask.ts';
import { peopleDetectors } from '../../services/privacy/people.ts';
import { scanner } from '../../services/privacy/scan.ts';

const settings = {
  off: [],
  national_ids: [
    { name: 'nino', template: 'AA 99 99 99 A' },
    { name: 'long', template: '99-99-99-99-99-99-99-99' },
  ],
  phi_terms: ['caduceus'],
};
const detectors = [...CREDENTIALS, ...peopleDetectors(settings).words];

const HOSTILE: readonly string[] = [
  '1',
  '12 ',
  '1-2',
  '11-',
  '11.',
  '123-45-',
  '(',
  '(12',
  '+1',
  '+1 (2',
  '+49 1',
  '4111 1111 ',
  '4111111111111111',
  'DE89',
  'DE89 3704 ',
  'GB82 WEST ',
  '@',
  'a@',
  'a@a.',
  'a.',
  'a-',
  `${'a'.repeat(64)}@b.`,
  'a@xn--',
  'MRN 1',
  'MRN: 11 ',
  'patient ',
  'patient E11 ',
  'Diagnosis E11.',
  'E11.9 ',
  'diabetes ',
  'the patient diabetes ',
  'caduceus',
  'tel 0',
  'tel 00 ',
  'phone: 12/',
  'call 1 ',
  'NPI 1234567890 ',
  'AB 12 34 56 ',
  '[',
  '[a',
  '[email:tok_',
  '[email:tok_AAAAAAAAAAAAAAAAAAAAAA]',
  '\\n12',
  '%2012',
];

afterEach(() => vi.restoreAllMocks());

/** Expressions that are run over a text, however the language reaches them. */
function executions(text: string): number {
  const exec = vi.spyOn(RegExp.prototype, 'exec');
  openMask(detectors, () => 'tok_AAAAAAAAAAAAAAAAAAAAAA')(text, '');
  const { length } = exec.mock.calls;
  exec.mockRestore();
  return length;
}

test.each(HOSTILE)('expressions run over %j, repeated, grow as the text does', (unit) => {
  const [small, large] = [500, 4000].map((times) => executions(unit.repeat(times)));
  expect(large).toBeLessThanOrEqual(8 * (small ?? 0) + 100);
});

test.each(HOSTILE)('detectors asked about %j, repeated, are told a place once', (unit) => {
  const asked = new Map<string, number>();
  const watched = detectors.map((detector, index) => ({
    triggers: detector.triggers,
    read(text: string, at: number) {
      asked.set(`${index} ${at}`, (asked.get(`${index} ${at}`) ?? 0) + 1);
      return detector.read(text, at);
    },
  }));
  scanner(watched)(unit.repeat(2000), () => {});
  expect(Math.max(0, ...asked.values())).toBeLessThanOrEqual(1);
});
