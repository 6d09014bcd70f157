import { defineFramework } from './control.ts';

/** PCI DSS v4.0.1. */
export const pci = defineFramework('pci', 'PCI DSS v4.0.1', [
  [
    '7.2',
    'Requirement 7.2',
    'Access is defined and assigned',
    ['identity-changes', 'denied'],
    'Whether a right that stands is needed.',
  ],
  [
    '8.2',
    'Requirement 8.2',
    'Identification of users over the life of an account',
    ['attribution', 'unattributed', 'identity-changes'],
    'Shared accounts in systems that do not report.',
  ],
  ['8.6', 'Requirement 8.6', 'Accounts of systems and applications', ['key-lifecycle'], 'Where secrets are kept.'],
  [
    '10.2',
    'Requirement 10.2',
    'Audit logs are implemented',
    ['coverage', 'quarantine', 'accessed'],
    'Components whose events do not reach Trailhouse.',
  ],
  [
    '10.2.1.3',
    'Requirement 10.2.1.3',
    'Access to audit logs is captured',
    ['access-reviews'],
    'Access to the storage under the store.',
  ],
  [
    '10.3',
    'Requirement 10.3',
    'Audit logs are protected',
    ['access-reviews', 'certificates'],
    'File system rights. That rows are unaltered is proven by the ledger in this bundle.',
  ],
  [
    '10.4',
    'Requirement 10.4',
    'Audit logs are reviewed',
    ['findings', 'access-reviews'],
    'Reviews outside Trailhouse.',
  ],
  [
    '10.5',
    'Requirement 10.5.1',
    'Twelve months are kept, three at hand',
    ['retention', 'retention-plan', 'holds'],
    'Backups.',
  ],
  ['10.6', 'Requirement 10.6', 'Time synchronisation', [], 'Clocks of the systems that report are not measured.'],
  [
    '10.7',
    'Requirement 10.7',
    'Failures of critical controls are detected',
    ['sinks', 'coverage', 'findings'],
    'Controls that do not report.',
  ],
  [
    '3.4',
    'Requirement 3.4',
    'Display and copying of account numbers are restricted',
    ['guardrails'],
    'Account numbers outside AI tools.',
  ],
]);
