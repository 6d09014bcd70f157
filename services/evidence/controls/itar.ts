import { defineFramework } from './control.ts';

/** 22 CFR parts 120 to 130. */
export const itar = defineFramework('itar', 'ITAR', [
  [
    '120.50',
    '22 CFR 120.50',
    'Release of technical data',
    ['accessed', 'mcp-calls'],
    'Whether data is technical data, and who is a foreign person.',
  ],
  [
    '120.54-a-5',
    '22 CFR 120.54(a)(5)',
    'Activities that are no export: secured transfer and storage',
    ['models'],
    'End-to-end encryption; the row names the region a provider states.',
  ],
  [
    '122.5-a',
    '22 CFR 122.5(a)',
    'Records kept five years, unaltered but for recorded changes',
    ['retention', 'retention-plan', 'holds', 'certificates', 'corrections'],
    'Records outside the trail. That the trail is unaltered is proven by the ledger in this bundle.',
  ],
  [
    '122.5-b',
    '22 CFR 122.5(b)',
    'Records available for inspection',
    ['coverage', 'access-reviews'],
    'Records outside the trail.',
  ],
  ['126.1', '22 CFR 126.1', 'Prohibited exports', ['denied', 'models'], 'Destinations that no product reports.'],
  [
    '126.18',
    '22 CFR 126.18',
    'Access by dual and third-country nationals',
    ['identity-changes', 'attribution', 'unattributed'],
    'Nationality is not in the trail.',
  ],
  ['127.12', '22 CFR 127.12', 'Voluntary disclosures', [], 'Disclosures are made outside Trailhouse.'],
]);
