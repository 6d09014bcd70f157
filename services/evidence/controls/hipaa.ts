import { defineFramework } from './control.ts';

/** 45 CFR part 164, subparts C and E. */
export const hipaa = defineFramework('hipaa', 'HIPAA Security and Privacy Rules', [
  [
    '164.308-a-1-ii-D',
    '45 CFR 164.308(a)(1)(ii)(D)',
    'Information system activity review',
    ['access-reviews', 'findings', 'phi'],
    'Reviews of systems other than AI tools.',
  ],
  [
    '164.308-a-3',
    '45 CFR 164.308(a)(3)',
    'Workforce security: authorisation and termination',
    ['identity-changes', 'key-lifecycle'],
    'Whether an access that ended ended in time.',
  ],
  [
    '164.308-a-5-ii-C',
    '45 CFR 164.308(a)(5)(ii)(C)',
    'Log-in monitoring',
    ['sign-ins'],
    'Sign-ins to products that do not report them.',
  ],
  ['164.308-a-6', '45 CFR 164.308(a)(6)', 'Security incident procedures', ['findings'], 'Response to incidents.'],
  ['164.308-a-7', '45 CFR 164.308(a)(7)', 'Contingency plan', [], 'Backup and recovery are not in the trail.'],
  [
    '164.312-a',
    '45 CFR 164.312(a)',
    'Access control',
    ['denied', 'denials', 'attribution'],
    'Automatic log-off, encryption.',
  ],
  [
    '164.312-b',
    '45 CFR 164.312(b)',
    'Audit controls',
    ['coverage', 'quarantine', 'attribution', 'unattributed', 'corrections'],
    'Systems whose events do not reach Trailhouse.',
  ],
  [
    '164.312-c',
    '45 CFR 164.312(c)(1)',
    'Integrity',
    ['phi', 'certificates'],
    'Integrity of the records of care themselves. That of the trail is proven by the ledger in this bundle.',
  ],
  [
    '164.312-d',
    '45 CFR 164.312(d)',
    'Person or entity authentication',
    ['attribution', 'unattributed'],
    'How the identity provider checks who somebody is.',
  ],
  [
    '164.316-b-2',
    '45 CFR 164.316(b)(2)(i)',
    'Retention of documentation for six years',
    ['retention', 'retention-plan', 'holds', 'certificates'],
    'Documentation outside the trail.',
  ],
  [
    '164.502-b',
    '45 CFR 164.502(b)',
    'Minimum necessary',
    ['phi', 'guardrails', 'accessed'],
    'Whether what was used was necessary.',
  ],
  [
    '164.528',
    '45 CFR 164.528',
    'Accounting of disclosures',
    ['phi', 'models'],
    'Disclosures that did not pass an AI tool; the data is no accounting of its own.',
  ],
]);
