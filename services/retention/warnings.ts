import type { RetentionConfig } from './config.ts';
import { FRAMEWORKS, type FrameworkName } from './frameworks.ts';
import { inWords, lengthInDays } from './period.ts';

/** What the configuration allows and an auditor would ask about. */
export function retentionWarnings(config: RetentionConfig): readonly string[] {
  const used = new Set<FrameworkName>([...config.rules.flatMap(({ keep }) => keep), ...config.default]);
  return [...(used.has('soc2') ? auditWindow(config) : []), ...(used.has('gdpr') ? upperBound(config, used) : [])];
}

function auditWindow({ audit_window_days: window, audit_lag_days: lag }: RetentionConfig): readonly string[] {
  const { period } = FRAMEWORKS.soc2;
  if (lengthInDays(period) >= window + lag) return [];
  return [
    `soc2 keeps ${inWords(period)}, which is shorter than the audit window of ${window} days and the ${lag} days until the ` +
      'report: evidence of its beginning is gone when the auditor asks; keep `default` beside soc2 where it is to last',
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
