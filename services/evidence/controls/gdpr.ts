import { defineFramework } from './control.ts';

/** Regulation (EU) 2016/679. */
export const gdpr = defineFramework('gdpr', 'GDPR', [
  ['Art5-1-c', 'Art. 5(1)(c)', 'Data minimisation', ['guardrails', 'phi'], 'Whether a purpose needed the data.'],
  ['Art5-1-d', 'Art. 5(1)(d)', 'Accuracy', ['corrections', 'unattributed'], 'Accuracy of what sources report.'],
  [
    'Art5-1-e',
    'Art. 5(1)(e)',
    'Storage limitation',
    ['retention', 'retention-plan', 'certificates', 'holds'],
    'Copies that receivers hold.',
  ],
  [
    'Art5-1-f',
    'Art. 5(1)(f)',
    'Integrity and confidentiality',
    ['access-reviews', 'denied', 'guardrails'],
    'Measures outside AI tools.',
  ],
  [
    'Art5-2',
    'Art. 5(2)',
    'Accountability',
    ['coverage', 'quarantine', 'attribution'],
    'Decisions that are not in the trail.',
  ],
  ['Art17', 'Art. 17', 'Right to erasure', ['erasures', 'certificates', 'holds'], 'Requests that were never entered.'],
  [
    'Art22',
    'Art. 22',
    'Automated individual decisions',
    ['phi', 'models'],
    'Decisions and their effect on a person are not in the trail.',
  ],
  [
    'Art25',
    'Art. 25',
    'Data protection by design and by default',
    ['guardrails', 'retention'],
    'Design of the systems that report.',
  ],
  [
    'Art30',
    'Art. 30',
    'Records of processing activities',
    ['models', 'mcp-calls'],
    'Purposes and categories of recipients.',
  ],
  [
    'Art32',
    'Art. 32',
    'Security of processing',
    ['denials', 'findings', 'key-lifecycle', 'sinks'],
    'Measures outside AI tools.',
  ],
  ['Art33', 'Art. 33', 'Notification of a breach', [], 'Notifications are made outside Trailhouse.'],
  [
    'Art44',
    'Art. 44',
    'Transfers to third countries',
    ['models'],
    'The ground for a transfer; the row names the region a provider states.',
  ],
]);
