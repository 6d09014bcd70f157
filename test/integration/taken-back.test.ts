import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../services/core/store.ts';
import { readDirectory } from '../../services/identity/directory.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { ANALYST } from '../../services/processes/open.ts';
import { openCorrections } from '../../services/processes/watch/corrections.ts';
import { nobodyListed } from '../support/identity.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** What was inferred while events arrived, and a second person contradicts later. */

const [MARA, TOM] = ['mara.lind@harbour.example', 'tom.oak@harbour.example'];
const read = readDirectory([
  { name: 'people.csv', text: `email,name,account_id,team\n${MARA},Mara Lind,acc-mara,platform\n` },
]);
if (read.kind === 'unreadable') throw new Error(read.reason);
const { directory } = read;
let pipeline: Pipeline;
let store: Store;

beforeAll(async () => {
  pipeline = await openPipeline('taken-back', { identity: { ...nobodyListed, directory: async () => directory } });
  store = pipeline.clickhouse.reader(ANALYST);
});
afterAll(() => pipeline.close());

const correct = () =>
  openCorrections({ ...pipeline, store, clock: systemClock, directory: async () => directory, deviceDays: 1 });

const said = (more: object): object => ({
  trailhouse: 1,
  time: new Date().toISOString(),
  action: 'llm.request',
  outcome: 'success',
  ...more,
});
const person = (email: string, more: object) =>
  said({ actor: { kind: 'user', basis: 'gateway_key', id: `key of ${email}`, email }, ...more });

async function send(topic: string, ...messages: readonly object[]): Promise<void> {
  await pipeline.send(topic, messages);
  await pipeline.settled();
}

const shown = (where: string) =>
  store.rows(
    `SELECT actor_email, actor_name, actor_team, actor_confidence, actor_basis FROM audit.trail
     WHERE action = 'file.read' AND ${where}`,
  );

const INFERRED = { actor_email: MARA, actor_name: 'Mara Lind', actor_team: 'platform', actor_confidence: 'inferred' };
const NOBODY = { actor_email: '', actor_name: '', actor_team: '', actor_confidence: 'none', actor_basis: 'none' };

describe.each([
  ['a session', { session: '44444444-4444-4444-8444-444444444444' }, 'session_binding', "session_id LIKE '4444%'"],
  ['a device', { client: { device: 'laptop-4711' } }, 'device', "device = 'laptop-4711'"],
])('the person inferred of %s', (_, place, basis, where) => {
  test('stands while nobody else shows, and is taken back once when somebody does', async () => {
    await send('gateway.events', person(MARA, place));
    await send('endpoint.events', said({ action: 'file.read', ...place }));
    expect(await shown(where)).toEqual([{ ...INFERRED, actor_basis: basis }]);
    const round = correct();
    expect(await round()).toBe(0);
    await send('gateway.events', person(TOM, place));
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    await pipeline.settled();
    expect(await shown(where)).toEqual([NOBODY]);
    expect(await correct()()).toBe(0);
  });
});

test('an endpoint that gives its device the id of an account keeps the account from nobody', async () => {
  const account = (basis: string) => said({ action: 'file.read', actor: { kind: 'user', basis, id: 'acc-late' } });
  await send('gateway.events', account('account_id'));
  await send('endpoint.events', account('device'));
  const late = readDirectory([{ name: 'people.csv', text: `email,name,account_id\n${TOM},Tom Oak,acc-late\n` }]);
  if (late.kind === 'unreadable') throw new Error(late.reason);
  const parts = { ...pipeline, store, clock: systemClock, directory: async () => late.directory, deviceDays: 1 };
  expect(await openCorrections(parts)()).toBe(1);
  await pipeline.settled();
  const rows = await store.rows(
    "SELECT actor_basis, actor_email FROM audit.trail WHERE actor_id = 'acc-late' ORDER BY actor_basis",
  );
  expect(rows).toEqual([
    { actor_basis: 'account_id', actor_email: TOM },
    { actor_basis: 'device', actor_email: '' },
  ]);
});
