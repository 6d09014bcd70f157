import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silent } from '../../services/core/logger.ts';
import type { Store } from '../../services/core/store.ts';
import { type DirectoryFile, readDirectory } from '../../services/identity/directory.ts';
import type { Directory } from '../../services/identity/person.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { ANALYST } from '../../services/processes/open.ts';
import { openCorrections } from '../../services/processes/watch/corrections.ts';
import { nobodyListed } from '../support/identity.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** Who it was, at once and later: a gateway that knows people, and telemetry of Claude Code on Bedrock, which does not. */

const MARA = 'mara.lind@harbour.example';
const TOM = 'tom.oak@harbour.example';
let pipeline: Pipeline;
let store: Store;
let directory: Directory = directoryOf();

function directoryOf(...files: readonly DirectoryFile[]): Directory {
  const read = readDirectory(files);
  if (read.kind === 'unreadable') throw new Error(read.reason);
  return read.directory;
}

beforeAll(async () => {
  const listed = { ...nobodyListed, directory: async () => directory };
  pipeline = await openPipeline('attribution', { identity: listed });
  store = pipeline.clickhouse.reader(ANALYST);
});
afterAll(() => pipeline.close());

/** A request through the gateway, which checked the key and knows whose it is. */
async function gateway(session: string, email: string): Promise<void> {
  const actor = { kind: 'user', basis: 'gateway_key', id: `key of ${email}`, email, team: 'platform' };
  const time = new Date().toISOString();
  await pipeline.send('gateway.events', [
    { trailhouse: 1, time, action: 'llm.request', outcome: 'success', actor, session },
  ]);
  await pipeline.settled();
}

/** What Claude Code reports of a request where nobody signs in: a session, and an installation unless that is turned off. */
async function telemetry(session: string, more: Readonly<Record<string, string>>): Promise<void> {
  const said = {
    'session.id': session,
    model: 'claude-on-bedrock',
    cost_usd_micros: '1200',
    input_tokens: '10',
    ...more,
  };
  const attributes = Object.entries(said).map(([key, value]) => ({ key, value: { stringValue: value } }));
  const timeUnixNano = `${Date.now()}000000`;
  const record = { timeUnixNano, body: { stringValue: 'claude_code.api_request' }, attributes };
  const scope = { name: 'com.anthropic.claude_code.events', version: '2.1.280' };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'claude-code' } }] };
  await pipeline.send('endpoint.otlp_json', [
    { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] },
  ]);
  await pipeline.settled();
}

async function told(view: 'trail' | 'costs', session: string): Promise<unknown> {
  const rows = await store.rows(
    `SELECT actor_email, actor_confidence, actor_team FROM audit.${view}
     WHERE session_id = {session:String} AND product = 'claude-code'`,
    { session },
  );
  return rows[0];
}

const nobody = { actor_email: '', actor_team: '' };

describe('a gateway names the person before the endpoint reports', () => {
  test('the session says who it was, as an inference, from the first record on', async () => {
    const session = '11111111-1111-4111-8111-111111111111';
    await gateway(session, MARA);
    await telemetry(session, { 'user.id': 'installation-1' });
    const [row] = await store.rows(
      `SELECT actor_email, actor_id, actor_kind, actor_basis, actor_confidence FROM audit.events
       WHERE session_id = {session:String} AND product = 'claude-code'`,
      { session },
    );
    expect(row).toEqual({
      actor_email: MARA,
      actor_id: 'installation-1',
      actor_kind: 'device',
      actor_basis: 'session_binding',
      actor_confidence: 'inferred',
    });
  });
});

const correct = () =>
  openCorrections({ ...pipeline, store, clock: systemClock, directory: async () => directory, deviceDays: 1 });

describe('the endpoint reports before a gateway names the person', () => {
  /** The record as the log and the table hold it. */
  async function original(session: string): Promise<unknown> {
    const rows = await store.rows(
      `SELECT * EXCEPT (retain_until), audit_offset FROM audit.events WHERE session_id = {session:String} AND product = 'claude-code'`,
      { session },
    );
    const leaves: string[] = [];
    await pipeline.log.read('audit.events', 0, ({ records }) => {
      for (const { offset, headers, value } of records)
        if (rows.some(({ audit_offset }) => audit_offset === offset))
          leaves.push(Buffer.from(headers.leaf ?? []).toString('hex'), Buffer.from(value).toString('hex'));
    });
    expect([rows.length, leaves.length]).toEqual([1, 2]);
    return { rows, leaves };
  }

  test.each([
    ['its session', '22222222-2222-4222-8222-222222222222', {}, 'session_binding'],
    ['its installation', '33333333-3333-4333-8333-333333333333', { 'user.id': 'installation-3' }, 'device'],
  ])('a correction of %s says it later, and leaves the record as it was', async (_, session, more, basis) => {
    await telemetry(session, more);
    const before = await original(session);
    expect(await told('trail', session)).toMatchObject(nobody);
    await gateway(session, MARA);
    expect(await told('trail', session)).toMatchObject(nobody);

    const round = correct();
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    await pipeline.settled();
    const known = { actor_email: MARA, actor_confidence: 'inferred' };
    expect(await told('trail', session)).toMatchObject(known);
    expect(await told('costs', session)).toMatchObject(known);
    expect(await original(session)).toEqual(before);
    expect(await correct()()).toBe(0);

    const [act] = await store.rows(
      `SELECT c.claim AS claim, c.basis AS basis, c.why AS why, t.actor_id AS by FROM audit.corrections AS c
       INNER JOIN audit.trail AS t ON t.event_id = c.event_id ORDER BY c.corrected_at DESC LIMIT 1`,
    );
    expect(act).toMatchObject({ claim: expect.stringMatching(/^(session|actor):/), basis, by: 'trailhouse watch' });
  });

  test('a second person in the session takes it back, for good', async () => {
    const session = '44444444-4444-4444-8444-444444444444';
    await telemetry(session, {});
    await gateway(session, MARA);
    expect(await correct()()).toBe(1);
    await pipeline.settled();
    await gateway(session, TOM);
    expect(await correct()()).toBe(1);
    await pipeline.settled();
    expect(await told('trail', session)).toMatchObject({ ...nobody, actor_confidence: 'none' });
    expect(await told('costs', session)).toMatchObject(nobody);
    expect(await correct()()).toBe(0);
  });

  test('an account that the directory learns of keeps its basis and confidence', async () => {
    const session = '55555555-5555-4555-8555-555555555555';
    await telemetry(session, { 'user.account_uuid': 'account-5' });
    expect(await correct()()).toBe(0);
    directory = directoryOf({ name: 'people.csv', text: `email,account_id,team\n${TOM},account-5,web\n` });
    expect(await correct()()).toBe(1);
    await pipeline.settled();
    expect(await told('trail', session)).toEqual({ actor_email: TOM, actor_confidence: 'claimed', actor_team: 'web' });

    const later = '66666666-6666-4666-8666-666666666666';
    await telemetry(later, { 'user.account_uuid': 'account-5' });
    expect(await told('trail', later)).toEqual({ actor_email: TOM, actor_confidence: 'claimed', actor_team: 'web' });
    expect(await correct()()).toBe(0);
  });
});

describe('questions', () => {
  async function named(name: string): Promise<readonly Record<string, unknown>[]> {
    const parts = { store, log: pipeline.log, keys: pipeline.keys, clock: systemClock, logger: silent, count() {} };
    const desk = openDesk({
      ...parts,
      retried: `${pipeline.folder}/retried`,
      sinks: [],
      privacy: privacyConfig.parse({}),
      topics: ['gateway.events'],
      operators: {},
    });
    const asker = { id: 'tester', address: '', userAgent: '' };
    const answer = await desk.named({ name, params: {}, format: 'JSONEachRow' }, asker);
    if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
    return answer.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  test('the shares of all confidences add up to everything', async () => {
    const rows = await named('attribution');
    expect(new Set(rows.map(({ actor_confidence }) => actor_confidence))).toEqual(
      new Set(['verified', 'claimed', 'inferred', 'none']),
    );
    const [total] = await store.rows(`SELECT count() AS events FROM audit.trail WHERE product != 'trailhouse'`);
    expect(rows.reduce((sum, { events }) => sum + Number(events), 0)).toBe(Number(total?.events));
    expect(rows.reduce((sum, { percent }) => sum + Number(percent), 0)).toBeCloseTo(100, 0);
  });

  test('of the unattributed it is said what would resolve them', async () => {
    await telemetry('77777777-7777-4777-8777-777777777777', {});
    await telemetry('', {});
    await telemetry('short', {});
    await telemetry('88888888-8888-4888-8888-888888888888', { 'user.account_uuid': 'account-8' });
    await telemetry('99999999-9999-4999-8999-999999999999', { 'user.id': 'installation-9' });
    const rows = await named('unattributed');
    const words = Object.fromEntries(rows.map(({ claim, resolved_by }) => [claim, resolved_by]));
    expect(words).toEqual({
      '': 'no id at all: ask the endpoint to send user.email',
      'session:44444444-4444-4444-8444-444444444444': 'several people in one session',
      'session:77777777-7777-4777-8777-777777777777': 'session named by no gateway event',
      'session:short': 'session id too short to be unique: ask the sender for another',
      'actor:account-8': 'account id not in the directory',
      'actor:installation-9': 'no one is known at the device: send user.email, or name the device in the directory',
    });
  });
});

describe('a correction reaches no further than its claim', () => {
  test('a correction of what an issuer vouched for vouches for nobody who only names the id', async () => {
    const said = (more: object) => ({ trailhouse: 1, time: new Date().toISOString(), outcome: 'success', ...more });
    const id = 'subject-of-mara';
    const idp = { kind: 'user', basis: 'idp', id };
    await pipeline.send('gateway.events', [said({ action: 'llm.request', actor: idp })]);
    await pipeline.settled();
    directory = directoryOf({ name: 'people.csv', text: `email,subject\n${MARA},${id}\n` });
    expect(await correct()()).toBe(1);
    await pipeline.settled();

    const attributes = { event: '00000000-0000-8000-8000-000000000000', verdict: 'approved' };
    await pipeline.send(
      'endpoint.events',
      ['none', 'device'].map((basis) =>
        said({ action: 'review.recorded', actor: { kind: 'user', basis, id }, attributes }),
      ),
    );
    await pipeline.settled();
    expect(
      await store.rows(
        `SELECT action, actor_email, actor_confidence FROM audit.trail WHERE actor_id = {id:String}
         ORDER BY action, actor_confidence`,
        { id },
      ),
    ).toEqual([
      { action: 'llm.request', actor_email: MARA, actor_confidence: 'verified' },
      { action: 'review.recorded', actor_email: '', actor_confidence: 'inferred' },
      { action: 'review.recorded', actor_email: '', actor_confidence: 'none' },
    ]);
    expect(await store.rows('SELECT verdict FROM audit.reviews')).toEqual([]);
  });

  test('what services and agents do in a session is not its person’s doing', async () => {
    const session = 'aaaaaaaa-1111-4111-8111-111111111111';
    const said = { trailhouse: 1, time: new Date().toISOString(), action: 'tool.call', outcome: 'success', session };
    const kinds = ['user', 'agent', 'service'];
    await pipeline.send(
      'endpoint.events',
      kinds.map((kind) => ({ ...said, actor: { kind, basis: 'none' } })),
    );
    await pipeline.settled();
    await gateway(session, MARA);
    expect(await correct()()).toBe(1);
    await pipeline.settled();
    expect(
      await store.rows(
        `SELECT actor_kind, actor_email FROM audit.trail
         WHERE session_id = {session:String} AND action = 'tool.call' ORDER BY actor_kind`,
        { session },
      ),
    ).toEqual([
      { actor_kind: 'agent', actor_email: '' },
      { actor_kind: 'service', actor_email: '' },
      { actor_kind: 'user', actor_email: MARA },
    ]);
  });
});
