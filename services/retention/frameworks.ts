import type { Period } from './period.ts';

export interface Framework {
  /**
   * `minimum`: keep at least so long. `policy`: no outside rule names a period, the house's own does. `upper`: keep no longer
   * than the purpose needs; how long that is, the configuration says.
   */
  readonly bound: 'minimum' | 'policy' | 'upper';
  /** Undefined where the configuration says it. */
  readonly period: Period | undefined;
  /** Where the obligation is written. */
  readonly citation: string;
  /** Why the period follows from it, and how firmly. */
  readonly basis: string;
}

/** What obliges to keep an event. A class is a set of these names; a name never changes its meaning once rows carry it. */
export const FRAMEWORKS = {
  soc2: {
    bound: 'minimum',
    period: { days: 90 },
    citation: 'AICPA Trust Services Criteria 2017 (points of focus 2022), CC7.2 and CC7.3',
    basis:
      'The criteria name no period. 90 days is a floor (FedRAMP AU-11 asks as much on-line); evidence for a Type II ' +
      'report must cover its whole window of 3 to 12 months.',
  },
  hipaa: {
    bound: 'minimum',
    period: { years: 6 },
    citation: '45 CFR 164.316(b)(2)(i), with 164.312(b) and 164.528(a)(1)',
    basis:
      'Required documentation is kept six years from its creation or from when it last was in effect. HHS has not said ' +
      'that audit logs are such documentation; six years is the safe reading.',
  },
  itar: {
    bound: 'minimum',
    period: { years: 5 },
    citation: '22 CFR 122.5(a)',
    basis:
      'Records of a registrant are kept five years from the end of the licence or approval, or from the transaction where ' +
      'there is none. An event knows its own day alone: where a licence runs on, a hold keeps what belongs to it.',
  },
  pci: {
    bound: 'minimum',
    period: { years: 1 },
    citation: 'PCI DSS 4.0.1, requirement 10.5.1',
    basis:
      'Audit logs are kept at least 12 months, the latest three of them at hand; a contract with the card brands, no law. ' +
      'All that is stored here is at hand.',
  },
  'eu-ai-act': {
    bound: 'minimum',
    period: { days: 184 },
    citation: 'Regulation (EU) 2024/1689, Articles 19(1) and 26(6)',
    basis:
      'Providers and deployers of high-risk systems keep the logs these make for at least six months. 184 days are the ' +
      'longest six months of a calendar. Whether a system is high-risk, and from which day the duty applies to it, is for ' +
      'counsel to say.',
  },
  iso27001: {
    bound: 'policy',
    period: { days: 365 },
    citation: 'ISO/IEC 27001:2022, Annex A 8.15, with 5.28, 5.33 and 8.10',
    basis:
      'Logs are to be produced, stored and protected, records deleted when no longer needed; for how long is left to the ' +
      "house's own policy. Here that is a year, which covers the cycle of surveillance audits.",
  },
  gdpr: {
    bound: 'upper',
    period: undefined,
    citation: 'Regulation (EU) 2016/679, Article 5(1)(e), with Article 17(3)(b) and (e)',
    basis:
      'Personal data are kept no longer than their purpose needs. An obligation to keep them longer, and a claim to be ' +
      'established or defended, go before.',
  },
  default: {
    bound: 'policy',
    period: { days: 365 },
    citation: 'no law',
    basis: 'Kept for a year where no rule names a framework: as long as the longest usual SOC 2 Type II window.',
  },
} as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkName = keyof typeof FRAMEWORKS;

/** The frameworks of a class. A name this version does not know is an error: its period is not to be guessed. */
export function frameworksOf(retentionClass: string): readonly FrameworkName[] {
  return retentionClass.split('+').map((name) => {
    if (isFramework(name)) return name;
    throw new RangeError(`class ${retentionClass}: no framework is named ${name}`);
  });
}

export const isFramework = (name: string): name is FrameworkName => Object.hasOwn(FRAMEWORKS, name);
