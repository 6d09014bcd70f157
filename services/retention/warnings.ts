import type { RetentionConfig } from './config.ts';
import { FRAMEWORKS, type FrameworkName } from './frameworks.ts';
import { inWords, lengthInDays } from './period.ts';

/** What the configuration allows and an auditor would ask about. */
export function retentionWarnings(config: RetentionConfig): readonly string[] {
  const sets = [...config.rules.map(({ keep }) => keep), config.default];
  const used = new Set<FrameworkName>(sets.flat());
  return [...auditWindow(config, sets), ...(used.has('gdpr') ? upperBound(config, used) : [])];
}

function auditWindow(
  { audit_window_days: window, audit_lag_days: lag }: RetentionConfig,
  sets: readonly (readonly FrameworkName[])[],
): readonly string[] {
  const kept = (names: readonly FrameworkName[]): number =>
    Math.max(...names.map((name) => lengthInDays(FRAMEWORKS[name].period ?? { days: 0 })));
  if (!sets.some((names) => names.includes('soc2') && kept(names) < window + lag)) return [];
  return [
    `soc2 keeps ${inWords(FRAMEWORKS.soc2.period)}, which is shorter than the audit window of ${window} days and the ${lag} days ` +
      'until the report: evidence of its beginning is gone when the auditor asks, unless something longer is kept beside it',
  ];
}

function upperBound({ gdpr }: RetentionConfig, used: ReadonlySet<FrameworkName>): readonly string[] {
  if (gdpr === undefined) return [];
  return [...used].sort().flatMap((name) => {
    const { bound, period } = FRAMEWORKS[name];
    if (bound !== 'minimum' || period === undefined || lengthInDays(period) <= gdpr.days) return [];
    return [
      `gdpr's upper bound of ${gdpr.days} days is shorter than ${name}'s ${inWords(period)}: events of both are kept as long ` +
        `as ${name} asks, and their reason names both`,
    ];
  });
}
