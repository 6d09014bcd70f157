import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Answer, Asker, Desk } from '../../services/console/desk.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openKeys } from '../../services/privacy/keys.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { newOperator, ROLES, tokenHash } from '../../services/processes/operators.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryLog } from '../support/memory-log.ts';

/** Who may do what: every role, and nobody, before every act that takes a name. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-roles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const asker: Asker = { id: 'os-account', address: '', userAgent: 'test' };
const EVENT = '00000000-0000-8000-8000-000000000000';
const hold = { from: '', to: '', reason: 'litigation', quarantine: '' };
const order = { email: 'mara.lind@harbour.example', id: '', basis: 'GDPR 17(1)(b)', reference: '' };

type Call = (desk: Desk, token: string) => Promise<Answer>;
const CALLS: Readonly<Record<string, readonly [string, Call]>> = {
  'quarantine show': ['auditor administrator', (desk, token) => desk.quarantined('x', token, asker)],
  'quarantine retry': ['administrator', (desk, token) => desk.retry('x', token, asker)],
  'sinks pause': ['administrator', (desk, token) => desk.operate({ order: 'pause', sink: 'siem' }, token, asker)],
  'hold place': [
    'auditor administrator',
    (desk, token) => desk.hold({ order: 'place', where: 'true', ...hold }, token, asker),
  ],
  'hold lift': [
    'auditor administrator',
    (desk, token) => desk.hold({ order: 'lift', hold: EVENT, reason: 'settled' }, token, asker),
  ],
  reveal: [
    'auditor administrator',
    (desk, token) => desk.reveal({ event: EVENT, purpose: 'a complaint' }, token, asker),
  ],
  review: [
    'analyst auditor administrator',
    (desk, token) => desk.review({ event: EVENT, verdict: 'approved', note: '' }, token, asker),
  ],
  erase: ['administrator', (desk, token) => desk.erase(order, token, asker)],
};

const people = ROLES.map((role) => ({ role, token: newOperator(role, role).token }));
const operators = Object.fromEntries(people.map(({ role, token }) => [role, { role, token_sha256: tokenHash(token) }]));
const strangers = [
  { role: 'nobody', token: '' },
  { role: 'stranger', token: newOperator('stranger', 'administrator').token },
];

/** What is said to whom the role, or having none, is in the way of. */
const TURNED_AWAY = /: (?:this takes|holds take) |the token is no(ne of theirs| operator’s)/;

interface Act {
  readonly outcome: string;
  readonly actor: { readonly id: string };
}

function open(): { readonly desk: Desk; readonly acts: readonly Act[] } {
  const clock = fakeClock();
  const acts: Act[] = [];
  const log = {
    ...memoryLog(clock),
    async append(_topic: string, _partition: number, records: readonly { readonly value: Uint8Array }[]) {
      for (const { value } of records) acts.push(JSON.parse(Buffer.from(value).toString()));
      return acts.length - 1;
    },
  };
  const desk = openDesk({
    store: { rows: async () => [], text: async () => '' },
    ...{ log, clock, operators, keys: openKeys(join(folder, 'keys')), retried: join(folder, 'retried') },
    ...{ sinks: ['siem'], topics: ['gateway.events'], privacy: privacyConfig.parse({}), count() {} },
  });
  return { desk, acts };
}

test.each(Object.entries(CALLS))('%s', async (_, [roles, call]) => {
  for (const { role, token } of [...people, ...strangers]) {
    const { desk, acts } = open();
    const answer = await call(desk, token);
    const isTurnedAway = answer.kind === 'refused' && TURNED_AWAY.test(answer.reason);
    expect(isTurnedAway, `${role}: ${JSON.stringify(answer)}`).toBe(!roles.split(' ').includes(role));
    const isKnown = role in operators;
    expect(acts[0]?.actor.id, role).toBe(isKnown ? role : asker.id);
    if (isTurnedAway) expect(acts, role).toMatchObject([{ outcome: 'denied' }]);
  }
});

test('a question that shows a token is its operator’s, with the views of their role', async () => {
  const ask = async (token: string | undefined) => {
    const { desk, acts } = open();
    const answer = await desk.select(
      { sql: 'SELECT count() FROM audit.holds', format: 'TSV', params: {}, token },
      asker,
    );
    return { reason: answer.kind === 'refused' ? answer.reason : '', act: acts[0] };
  };
  for (const { role, token } of people) {
    const { reason, act } = await ask(token);
    expect(act?.actor.id).toBe(role);
    expect(/audit\.holds/.test(reason), `${role}: ${reason}`).toBe(role === 'analyst');
  }
  expect(await ask(strangers[1]?.token)).toMatchObject({
    reason: 'the token is no operator’s',
    act: { outcome: 'denied' },
  });
  expect((await ask(undefined)).act?.actor.id).toBe(asker.id);
});
