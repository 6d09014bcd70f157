import { expect, test } from 'vitest';
import { bars } from '../../../services/processes/commands/attribution.ts';

test('a bar per confidence adds up to all events, and a little is not drawn as nothing', () => {
  const rows = [
    { actor_confidence: 'verified', product: 'litellm', events: 700 },
    { actor_confidence: 'verified', product: 'obot', events: 299 },
    { actor_confidence: 'none', product: 'claude-code', events: '1' },
  ];
  expect(bars(rows).split('\n')).toEqual([
    `verified  ${'█'.repeat(40)}   99.9 %  999`,
    `claimed   ${'░'.repeat(40)}    0.0 %  0`,
    `inferred  ${'░'.repeat(40)}    0.0 %  0`,
    `none      █${'░'.repeat(39)}    0.1 %  1`,
    '',
  ]);
});
