import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Basis, classify, classifyContent, partOf } from '../../services/retention/classify.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { type Classes, classesOf } from '../../services/retention/remember.ts';

const sites = [
  {},
  {
    default: ['soc2', 'gdpr'],
    gdpr: { days: 120, purpose: 'security' },
    content_days: 30,
    rules: [
      { when: { topic: 'gateway.events' }, keep: ['soc2'] },
      { when: { team: 'clinic' }, keep: ['hipaa'] },
      { when: { project: 'trial' }, keep: ['hipaa', 'gdpr'] },
      { when: { data_class: 'phi' }, keep: ['hipaa'] },
      { when: { source: 'litellm' }, keep: ['itar'] },
      { when: { region: 'eu' }, keep: ['gdpr'] },
      { when: { surface: 'cli' }, keep: ['pci'] },
    ],
  },
].map((site) => retentionConfig.parse(site));

function twin(basis: Basis, rules: (typeof sites)[number]): Classes {
  const shelved = (kept: Classes['event'] | ReturnType<typeof classify>) => ({
    ...kept,
    part: partOf(kept.retention_class, kept.retention_bucket),
  });
  return { event: shelved(classify(basis, rules)), content: shelved(classifyContent(basis, rules)) };
}

const DAY = 86_400_000_000;
/** Around the end of a month, a leap day and midnight, and anywhere. */
const time = fc.oneof(
  fc.constantFrom('2024-02-28', '2024-02-29', '2024-03-01', '2026-12-31').chain((day) => {
    const noon = Date.parse(day) * 1000;
    return fc.oneof(fc.constantFrom(0, 1, DAY - 1), fc.nat(DAY)).map((more) => noon + more);
  }),
  fc.integer({ min: Date.UTC(2010) * 1000, max: Date.UTC(2040) * 1000 }),
);
const basis: fc.Arbitrary<Basis> = fc.record({
  occurredAt: time,
  receivedAt: time,
  topic: fc.constantFrom('gateway.events', 'mcp.events'),
  format: fc.constantFrom('litellm', 'obot', undefined),
  region: fc.constantFrom('eu', '', undefined),
  surface: fc.constantFrom('cli', 'api', ''),
  team: fc.constantFrom('clinic', 'web', ''),
  project: fc.constantFrom('trial', 'clinic', ''),
  dataClasses: fc.constantFrom([], ['phi'], ['phi', 'pii']),
});

test('what is remembered is what would be found anew', () => {
  fc.assert(
    fc.property(basis, fc.constantFrom(...sites), (one, rules) => {
      expect(classesOf(one, rules)).toEqual(twin(one, rules));
    }),
    { numRuns: 2_000 },
  );
});

test('no text runs into the next', () => {
  const plain = { occurredAt: 0, receivedAt: 0, topic: '', surface: '', dataClasses: [] };
  const clinic = retentionConfig.parse({ rules: [{ when: { team: 'clinic' }, keep: ['hipaa'] }] });
  expect(classesOf({ ...plain, team: 'clinic', project: '' }, clinic).event.retention_class).toBe('hipaa');
  expect(classesOf({ ...plain, team: 'clini', project: 'c' }, clinic).event.retention_class).toBe('default');
});
