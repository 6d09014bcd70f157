import { defineFramework } from './control.ts';

/** ISO/IEC 27001:2022, Annex A. */
export const iso27001 = defineFramework('iso27001', 'ISO/IEC 27001:2022, Annex A', [
  ['A.5.15', 'A.5.15', 'Access control', ['denied', 'denials', 'accessed'], 'Access that does not pass an AI tool.'],
  [
    'A.5.16',
    'A.5.16',
    'Identity management',
    ['identity-changes', 'attribution', 'unattributed'],
    'Identities that no product reports.',
  ],
  ['A.5.17', 'A.5.17', 'Authentication information', ['key-lifecycle', 'sign-ins'], 'Passwords and how they are kept.'],
  [
    'A.5.18',
    'A.5.18',
    'Access rights',
    ['identity-changes', 'access-reviews'],
    'Whether a right that stands is needed.',
  ],
  ['A.5.28', 'A.5.28', 'Collection of evidence', ['holds', 'coverage', 'corrections'], 'Evidence outside the trail.'],
  [
    'A.5.30',
    'A.5.30',
    'ICT readiness for business continuity',
    [],
    'Continuity plans and their tests are not in the trail.',
  ],
  [
    'A.5.33',
    'A.5.33',
    'Protection of records',
    ['retention', 'retention-plan', 'certificates'],
    'Records outside the trail.',
  ],
  ['A.8.10', 'A.8.10', 'Information deletion', ['certificates', 'retention-plan'], 'Copies that receivers hold.'],
  ['A.8.12', 'A.8.12', 'Data leakage prevention', ['guardrails', 'findings'], 'Leaks that do not pass an AI tool.'],
  ['A.8.15', 'A.8.15', 'Logging', ['coverage', 'quarantine', 'sinks'], 'Systems whose events do not reach Trailhouse.'],
  ['A.8.16', 'A.8.16', 'Monitoring activities', ['findings', 'access-reviews'], 'Monitoring outside Trailhouse.'],
  [
    'A.8.17',
    'A.8.17',
    'Clock synchronisation',
    [],
    'Clocks of the systems that report are not measured; an event tells whose clock its time is.',
  ],
  ['A.8.32', 'A.8.32', 'Change management', ['config-changes'], 'Approvals and tests of changes.'],
]);
