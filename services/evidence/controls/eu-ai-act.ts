import { defineFramework } from './control.ts';

/** Regulation (EU) 2024/1689. */
export const euAiAct = defineFramework('eu-ai-act', 'EU AI Act', [
  ['Art4', 'Art. 4', 'AI literacy', [], 'Training is not in the trail.'],
  [
    'Art12',
    'Art. 12',
    'Record-keeping: events are logged automatically',
    ['coverage', 'quarantine', 'models'],
    'Systems whose events do not reach Trailhouse.',
  ],
  ['Art14', 'Art. 14', 'Human oversight', ['phi', 'denied', 'findings'], 'Oversight that leaves no event.'],
  ['Art15', 'Art. 15', 'Accuracy, robustness and cybersecurity', ['guardrails', 'denials'], 'Accuracy of a model.'],
  [
    'Art19',
    'Art. 19',
    'Logs are kept at least six months by providers',
    ['retention', 'retention-plan'],
    'Logs outside the trail.',
  ],
  [
    'Art26-1',
    'Art. 26(1)',
    'Use according to the instructions',
    ['models', 'mcp-calls', 'budgets'],
    'What the instructions for use say.',
  ],
  [
    'Art26-5',
    'Art. 26(5)',
    'Monitoring of operation',
    ['findings', 'guardrails', 'sinks'],
    'Notifications to providers and authorities.',
  ],
  [
    'Art26-6',
    'Art. 26(6)',
    'Logs are kept at least six months by deployers',
    ['retention', 'retention-plan', 'holds', 'certificates'],
    'Logs outside the trail.',
  ],
  ['Art50', 'Art. 50', 'Transparency towards persons', [], 'Whether a person was told is not in the trail.'],
]);
