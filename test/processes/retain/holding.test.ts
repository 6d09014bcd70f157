import { expect, test } from 'vitest';
import type { HoldOrder } from '../../../services/console/desk.ts';
import type { Store } from '../../../services/core/store.ts';
import { privacyConfig } from '../../../services/privacy/config.ts';
import { newOperator } from '../../../services/processes/operators.ts';
import { hold } from '../../../services/processes/retain/holding.ts';
import { fakeClock } from '../../support/clock.ts';
import { memoryLog } from '../../support/memory-log.ts';

const { token, lines } = newOperator('ines', 'auditor');
const operators = { ines: { role: 'auditor', token_sha256: /[0-9a-f]{64}/.exec(lines)?.[0] ?? '' } } as const;
const asker = { id: 'ada', address: '', userAgent: '' };
const order: HoldOrder & { order: 'place' } = {
  ...{ order: 'place', where: "session_id = 's1'", from: '', to: '', reason: 'claim 17', quarantine: '' },
};
/** Takes every condition. */
const store: Store = {
  rows: async () => [],
  text: async (sql) => {
    const question = /SELECT event_id FROM audit\.trail WHERE \(.*\)/s.exec(sql)?.[0] ?? '';
    return sql.startsWith('EXPLAIN AST') ? 'SelectWithUnionQuery (children 1)\n ExpressionList' : question;
  },
};

async function placed(more: Partial<typeof order>, privacy: unknown) {
  const clock = fakeClock();
  const log = memoryLog(clock);
  await log.create([{ name: 'trailhouse.events', partitions: 1, retentionMs: -1 }]);
  const parts = { log, store, clock, operators, privacy: privacyConfig.parse(privacy), topics: ['gateway.events'] };
  const answer = await hold({ ...order, ...more }, token, asker, parts);
  return answer.kind === 'refused' ? answer.reason : answer.kind;
}

const national = { national_ids: [{ name: 'staff-no', template: 'AA-99999' }] };

test.each([
  ['a number of a shape that is configured', { where: "target = 'QX-48291'" }, national, /staff-no/],
  [
    'a topic that is none',
    { quarantine: 'gatway.events' },
    {},
    /no raw topic gatway\.events; there are gateway\.events/,
  ],
  ['a day that is none', { from: '2026-02-30T00:00:00Z' }, {}, /times in UTC/],
])('a hold over %s is turned down, and says why', async (_, more, privacy, words) => {
  expect(await placed(more, privacy)).toMatch(words);
});

test('what one site masks another may ask for; and a term is masked in texts, where no hold stands', async () => {
  expect(await placed({ where: "target = 'project heron'" }, { phi_terms: ['project heron'] })).toBe('text');
  expect(await placed({ where: "target = 'QX-48291'" }, {})).not.toMatch(/staff-no|masked/);
});
