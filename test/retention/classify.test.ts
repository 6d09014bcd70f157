import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Basis,
  classify,
  classifyContent,
  partOf,
  type RetentionRules,
} from '../../services/retention/classify.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { FRAMEWORKS } from '../../services/retention/frameworks.ts';

const micros = (iso: string) => Date.parse(iso) * 1000;
const DAY = 86_400_000_000;

function event(occurred: string, more: Partial<Basis> = {}): Basis {
  const at = micros(occurred);
  const known = { topic: 'gateway.events', surface: 'api', team: 'web', project: '', dataClasses: [] };
  return { occurredAt: at, receivedAt: at, ...known, ...more };
}

const plain: RetentionRules = retentionConfig.parse({});
const rules: RetentionRules = retentionConfig.parse({
  rules: [
    { when: { topic: 'gateway.events' }, keep: ['soc2'] },
    { when: { team: 'clinic' }, keep: ['hipaa'] },
    { when: { team: 'clinic', project: 'billing' }, keep: ['soc2'] },
    { when: { project: 'trial' }, keep: ['hipaa'] },
    { when: { data_class: 'phi' }, keep: ['hipaa'] },
    { when: { surface: 'admin' }, keep: ['default'] },
  ],
});

describe('class', () => {
  test.each([
    [{}, 'soc2'],
    [{ topic: 'mcp.events' }, 'default'],
    [{ team: 'clinic' }, 'hipaa+soc2'],
    [{ team: 'clinic', topic: 'mcp.events' }, 'hipaa'],
    [{ team: 'clinic', topic: 'mcp.events', project: 'billing' }, 'hipaa+soc2'],
    [{ dataClasses: ['secret', 'phi'] }, 'hipaa+soc2'],
    [{ surface: 'admin' }, 'default+soc2'],
    [{ project: 'trial', topic: 'mcp.events' }, 'hipaa'],
    [{ team: '', topic: 'mcp.events' }, 'hipaa+soc2'],
    [{ team: '', topic: 'mcp.events', project: 'other' }, 'hipaa'],
    [{ team: '', surface: 'admin' }, 'default+hipaa+soc2'],
  ])('%j is %s', (more, expected) => {
    expect(classify(event('2026-03-05T12:00:00Z', more), rules).retention_class).toBe(expected);
  });

  test('is the default where there are no rules', () => {
    expect(classify(event('2026-03-05T12:00:00Z', { team: '' }), plain)).toEqual({
      retention_class: 'default',
      retention_bucket: micros('2026-03-05') / DAY,
      retain_until: micros('2027-03-05T12:00:00Z'),
      retention_reason: 'default 365 days; no rule fits',
    });
  });
});

describe('reason', () => {
  test.each([
    [{}, 'soc2 90 days'],
    [{ team: 'clinic' }, 'hipaa 6 years outlasts soc2 90 days'],
    [{ topic: 'mcp.events' }, 'default 365 days; no rule fits'],
    [{ team: '' }, 'hipaa 6 years outlasts soc2 90 days; team not known: the longest class it could turn out to have'],
  ])('%j: %s', (more, reason) => {
    expect(classify(event('2026-03-05T12:00:00Z', more), rules).retention_reason).toBe(reason);
  });
});

describe('deadline', () => {
  const hipaa: RetentionRules = { rules: [], default: ['hipaa'] };

  test.each([
    ['2024-02-29T23:59:59.999Z', '2030-03-01T23:59:59.999Z'],
    ['2026-02-28T00:00:00Z', '2032-02-28T00:00:00Z'],
    ['2090-02-28T12:00:00Z', '2096-02-28T12:00:00Z'],
    ['2092-02-29T12:00:00Z', '2098-03-01T12:00:00Z'],
    // 2100 is no leap year.
    ['2094-03-01T00:00:00Z', '2100-03-01T00:00:00Z'],
    ['2096-02-29T00:00:00Z', '2102-03-01T00:00:00Z'],
    // Nights in which clocks change somewhere.
    ['2026-03-29T01:30:00Z', '2032-03-29T01:30:00Z'],
    ['2026-10-25T00:30:00Z', '2032-10-25T00:30:00Z'],
  ])('six years from %s end at %s', (from, until) => {
    expect(classify(event(from), hipaa).retain_until).toBe(micros(until));
  });

  test('keeps microseconds', () => {
    const basis = { ...event('2026-01-01T00:00:00Z'), receivedAt: micros('2026-01-01T00:00:00Z') + 123_457 };
    expect(classify(basis, hipaa).retain_until).toBe(micros('2032-01-01T00:00:00Z') + 123_457);
  });

  test('counts from the later of occurred and received', () => {
    const late = event('2020-01-01T00:00:00Z', { receivedAt: micros('2026-01-01T00:00:00Z') });
    expect(classify(late, rules)).toMatchObject({
      retain_until: micros('2026-04-01T00:00:00Z'),
      retention_bucket: micros('2026-01-01') / DAY,
    });
    const ahead = event('2026-01-07T00:00:00Z', { receivedAt: micros('2026-01-01T00:00:00Z') });
    expect(classify(ahead, rules).retain_until).toBe(micros('2026-04-07T00:00:00Z'));
  });
});

describe('any event under any rules', () => {
  const name = fc.constantFrom('', 'a', 'b');
  const said = fc.option(fc.constantFrom('a', 'b'), { nil: undefined });
  const keep = fc.uniqueArray(fc.constantFrom('soc2', 'hipaa', 'default'), { minLength: 1 });
  const anyRules: fc.Arbitrary<RetentionRules> = fc.record({
    rules: fc.array(
      fc.record({ when: fc.record({ topic: said, team: said, project: said, surface: said, data_class: said }), keep }),
      { maxLength: 6 },
    ),
    default: keep,
    content_days: fc.option(fc.integer({ min: 1, max: 4000 }), { nil: undefined }),
  });
  const time = fc.integer({ min: micros('2010-01-01'), max: micros('2150-01-01') });
  const anyBasis: fc.Arbitrary<Basis> = fc.record({
    occurredAt: time,
    receivedAt: time,
    topic: name,
    surface: name,
    team: name,
    project: name,
    dataClasses: fc.uniqueArray(fc.constantFrom('a', 'b')),
  });

  test('is kept as long as its longest obligation, and is never unattributed to its cost', () => {
    fc.assert(
      fc.property(anyBasis, anyRules, (basis, given) => {
        const kept = classify(basis, given);
        const from = Math.max(basis.occurredAt, basis.receivedAt);
        const iso = new Date(from / 1000).toISOString();
        const inSixYears = `${Number(iso.slice(0, 4)) + 6}${iso.slice(4)}`;
        const names = kept.retention_class.split('+');
        if (names.includes('soc2')) expect(kept.retain_until).toBeGreaterThanOrEqual(from + 90 * DAY);
        if (names.includes('default')) expect(kept.retain_until).toBeGreaterThanOrEqual(from + 365 * DAY);
        if (names.includes('hipaa')) expect(new Date(kept.retain_until / 1000).toISOString() >= inSixYears).toBe(true);
        expect(kept.retain_until).toBeLessThanOrEqual(from + (6 * 365 + 2) * DAY);
        expect(kept.retention_class).toBe([...new Set(kept.retention_class.split('+'))].sort().join('+'));
        expect(kept.retention_class).toMatch(/^[a-z0-9+]+$/);
        const unknown = classify({ ...basis, team: '', project: '' }, given);
        expect(unknown.retain_until).toBeGreaterThanOrEqual(kept.retain_until);
      }),
    );
  });

  test('its bucket is its day, or the first of its month for what is kept beyond 400 days', () => {
    fc.assert(
      fc.property(anyBasis, anyRules, (basis, given) => {
        const kept = classify(basis, given);
        const day = new Date(kept.retention_bucket * 86_400_000).toISOString().slice(0, 10);
        const began = new Date(Math.max(basis.occurredAt, basis.receivedAt) / 1000).toISOString();
        const expected = kept.retention_class.includes('hipaa') ? `${began.slice(0, 7)}-01` : began.slice(0, 10);
        expect(day).toBe(expected);
        expect(partOf(kept.retention_class, kept.retention_bucket)).toBe(
          `${kept.retention_class}/${expected.replaceAll('-', '')}`,
        );
      }),
    );
  });

  test('its content ends as configured, and with its event at the latest', () => {
    fc.assert(
      fc.property(anyBasis, anyRules, (basis, given) => {
        const [kept, content] = [classify(basis, given), classifyContent(basis, given)];
        const from = Math.max(basis.occurredAt, basis.receivedAt);
        const configured = given.content_days === undefined ? kept.retain_until : from + given.content_days * DAY;
        expect(content.retain_until).toBe(Math.min(kept.retain_until, configured));
        expect(content.retention_class).toBe(kept.retention_class);
        expect(content.retention_bucket).toBeGreaterThanOrEqual(kept.retention_bucket);
      }),
    );
  });

  test('its reason is one of few', () => {
    const reasons = new Set<string>();
    fc.assert(
      fc.property(anyBasis, anyRules, (basis, given) => void reasons.add(classify(basis, given).retention_reason)),
    );
    expect(reasons.size).toBeLessThanOrEqual(7 * 3);
  });
});

test.each([
  [{ source: 'gateway.events' }, {}, 'pci'],
  [{ source: 'litellm' }, { format: 'litellm' }, 'pci'],
  [{ source: 'litellm' }, { format: 'obot' }, 'default'],
  [{ region: 'eu-central-1' }, { region: 'eu-central-1' }, 'pci'],
  [{ region: 'eu-central-1' }, {}, 'default'],
])('a rule for %j and an event with %j: %s', (when, more, expected) => {
  const given = retentionConfig.parse({ rules: [{ when, keep: ['pci'] }] });
  expect(classify(event('2026-03-05T12:00:00Z', more), given).retention_class).toBe(expected);
});

test('a content of a few days is partitioned by day', () => {
  const short = { ...rules, content_days: 30 };
  const basis = event('2026-03-05T12:00:00Z', { team: 'clinic' });
  expect(classifyContent(basis, short)).toEqual({
    retention_class: 'hipaa+soc2',
    retention_bucket: micros('2026-03-05') / DAY,
    retain_until: micros('2026-04-04T12:00:00Z'),
    retention_reason: 'content 30 days as configured; its event: hipaa 6 years outlasts soc2 90 days',
  });
});

describe('configuration', () => {
  test('has defaults', () =>
    expect(plain).toEqual({
      ...{ rules: [], default: ['default'], audit_window_days: 365, audit_lag_days: 90, former_keys: [] },
      erasure_waits_for: ['hipaa', 'itar', 'eu-ai-act'],
    }));

  test.each([
    { rules: [{ when: { tema: 'x' }, keep: ['soc2'] }] },
    { rules: [{ when: {}, keep: [] }] },
    { rules: [{ when: {}, keep: ['sox'] }] },
    { default: [] },
    { content_days: 0 },
    { days: 3 },
    { default: ['gdpr'] },
    { gdpr: { days: 30 } },
  ])('refuses %j', (given) => expect(retentionConfig.safeParse(given).success).toBe(false));

  test('every framework says where it is written and why', () => {
    for (const { citation, basis } of Object.values(FRAMEWORKS)) {
      expect(citation.length).toBeGreaterThan(3);
      expect(basis.length).toBeGreaterThan(20);
    }
  });
});
