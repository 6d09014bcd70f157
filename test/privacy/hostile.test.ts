import { afterEach, expect, test, vi } from 'vitest';
import { CREDENTIALS, openMask } from '../../services/privacy/mask.ts';
import { peopleDetectors } from '../../services/privacy/people.ts';
import { scanner } from '../../services/privacy/scan.ts';
import { run } from './credentials.ts';

const settings = {
  off: [],
  national_ids: [
    { name: 'nino', template: 'AA 99 99 99 A' },
    { name: 'long', template: '99-99-99-99-99-99-99-99' },
  ],
  phi_terms: ['caduceus'],
};
const detectors = [...CREDENTIALS, ...peopleDetectors(settings).words];

const token = `x${run(8)}`;

const HOSTILE: readonly string[] = [
  'a',
  'password',
  'password=',
  'password="',
  'password=\'password=\\"',
  'token=\\"token=\\\\\\"',
  'eyJ',
  'eyJeyJ.',
  '\\neyJabcdefgh',
  `-----${'BEGIN'} PRIVATE KEY-----`,
  `-----${'BEGIN'} PRIVATE KEY`,
  `-----${'END'} PRIVATE KEY-----`,
  'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ\n-----',
  '://',
  '://a:',
  'postgres://a:b',
  'sk-',
  'sk-a1',
  'ghp_',
  'mysql -',
  'curl -u a:',
  'Basic QUJD',
  'Bearer abc1',
  'authorization: ',
  'cookie: a=',
  '[masked:',
  'login a password ',
  'secret: string = ',
  `key":"password","value":`,
  `token=${token}`,
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

/** Expressions that are run over a text, however the language reaches them, and the characters that they take. */
function work(text: string): { readonly executions: number; readonly taken: number } {
  let [executions, taken] = [0, 0];
  const exec = RegExp.prototype.exec;
  vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, given: string) {
    const found = exec.call(this, given);
    executions++;
    taken += found?.[0].length ?? 0;
    return found;
  });
  openMask(detectors, () => 'tok_AAAAAAAAAAAAAAAAAAAAAA')(text, '');
  vi.restoreAllMocks();
  return { executions, taken };
}

/** Eight times the text is eight times the work: what is read twice of a text would be read as often as the text is long. */
test.each(HOSTILE)('the work over %j, repeated, grows as the text does', (unit) => {
  const [small, large] = [work(unit.repeat(500)), work(unit.repeat(4000))];
  expect(large.executions).toBeLessThanOrEqual(8 * small.executions + 100);
  expect(large.taken).toBeLessThanOrEqual(8 * small.taken + LONGEST);
});

/** A bounded look ahead may be cut short by the end of the smaller text: no bound of ours is longer. */
const LONGEST = 64 * 1024;

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
