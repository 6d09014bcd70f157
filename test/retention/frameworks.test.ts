import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, type RetentionRules } from '../../services/retention/classify.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { FRAMEWORKS, type FrameworkName, frameworksOf, isFramework } from '../../services/retention/frameworks.ts';
import { endOf } from '../../services/retention/period.ts';
import { retentionWarnings } from '../../services/retention/warnings.ts';

const names = Object.keys(FRAMEWORKS).filter(isFramework);
const pairs = names.flatMap((a) => names.map((b): [FrameworkName, FrameworkName] => [a, b]));
const DAY = 86_400_000_000;

function kept(keep: readonly FrameworkName[], days: number, from: number) {
  const rules: RetentionRules = { rules: [], default: keep, gdpr: { days, purpose: 'to answer for use of AI' } };
  const known = { topic: 't', surface: '', team: 'x', project: '', dataClasses: [] };
  return classify({ occurredAt: from, receivedAt: from, ...known }, rules);
}

const times = fc.integer({ min: Date.UTC(2010) * 1000, max: Date.UTC(2100) * 1000 });
const bounds = fc.integer({ min: 1, max: 4000 });

describe.each(pairs)('%s and %s', (a, b) => {
  test('no minimum ends early, no upper bound late unless a minimum lasts longer, and the reason names both', () => {
    fc.assert(
      fc.property(times, bounds, (from, days) => {
        const both = kept([a, b], days, from);
        const minimums = [a, b].flatMap((name) => {
          const { bound, period } = FRAMEWORKS[name];
          return bound === 'minimum' ? [endOf(period, from)] : [];
        });
        const least = Math.max(from, ...minimums);
        expect(both.retain_until).toBeGreaterThanOrEqual(least);
        if (a === 'gdpr' || b === 'gdpr')
          expect(both.retain_until).toBeLessThanOrEqual(Math.max(least, from + days * DAY));
        else
          for (const name of [a, b])
            expect(both.retain_until).toBeGreaterThanOrEqual(kept([name], days, from).retain_until);
        for (const name of [a, b]) expect(both.retention_reason).toContain(name);
        expect(frameworksOf(both.retention_class)).toEqual([...new Set([a, b])].sort());
        expect(kept([b, a], days, from)).toEqual(both);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an upper bound', () => {
  const from = Date.UTC(2026, 2, 5) * 1000;

  test.each([
    [['gdpr'], 30, 30, 'gdpr 30 days as upper bound (to answer for use of AI)'],
    [['default', 'gdpr'], 30, 30, 'gdpr 30 days as upper bound (to answer for use of AI) cuts default 365 days'],
    [
      ['gdpr', 'soc2'],
      30,
      90,
      'soc2 90 days; as an obligation it goes before the gdpr 30 days of an upper bound (to answer for use of AI)',
    ],
    [['gdpr', 'soc2'], 365, 90, 'soc2 90 days; within the gdpr 365 days of an upper bound (to answer for use of AI)'],
    [
      ['default', 'gdpr', 'soc2'],
      200,
      200,
      'gdpr 200 days as upper bound (to answer for use of AI) cuts default 365 days',
    ],
  ] as const)('%j of %i days keeps %i days: %s', (keep, days, expected, reason) => {
    const { retain_until, retention_reason } = kept(keep, days, from);
    expect((retain_until - from) / DAY).toBe(expected);
    expect(retention_reason).toContain(reason);
  });
});

test('a class with a name nobody knows is not guessed at', () => {
  expect(() => frameworksOf('soc2+sox')).toThrow('class soc2+sox: no framework is named sox');
});

describe('warnings', () => {
  const warn = (config: unknown) => retentionWarnings(retentionConfig.parse(config));

  test('say when soc2 is shorter than what an audit looks back on', () => {
    expect(warn({ default: ['soc2'] })).toEqual([expect.stringContaining('shorter than the audit window of 365 days')]);
    expect(warn({ default: ['soc2'], audit_window_days: 60, audit_lag_days: 30 })).toEqual([]);
    expect(warn({ default: ['hipaa'] })).toEqual([]);
  });

  test('say when an upper bound lies below an obligation', () => {
    const gdpr = { days: 300, purpose: 'audit' };
    expect(warn({ default: ['gdpr', 'pci'], gdpr })).toEqual([expect.stringContaining("shorter than pci's 1 year")]);
    expect(warn({ default: ['gdpr', 'eu-ai-act'], gdpr })).toEqual([]);
  });
});
