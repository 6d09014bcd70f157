import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../support/commands.ts';
import { freePort } from '../support/ports.ts';
import { type LokiReceiver, openLokiReceiver } from '../support/receivers/loki.ts';
import { openSplunkReceiver, type SplunkReceiver } from '../support/receivers/splunk.ts';
import { type Role, startRole, workplace } from '../support/role.ts';

/** Receivers as an operator meets them: by commands, beside a running `up` on embedded defaults. */

const place = workplace();
let config: string;
let up: Role;
let splunk: SplunkReceiver;
let loki: LokiReceiver;
let number = 0;

const { run, rows } = commands(() => ({ given: ['--config', config] }));

async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`waited in vain for ${what}:\n${up.said()}`);
}

/** Sends messages and returns their own ids. */
async function produce(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => `m-${number++}`);
  const lines = ids.map((id) =>
    JSON.stringify({
      trailhouse: 1,
      id,
      time: new Date().toISOString(),
      surface: 'cli',
      product: { name: 'claude-code' },
      action: 'file.read',
      outcome: 'success',
      target: '/srv/payments/config.yaml',
      actor: { email: 'ada@example.com', basis: 'email_claim' },
    }),
  );
  const file = join(place.folder, 'messages.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(await run('produce', '--topic', 'endpoint.events', file)).toMatchObject({ code: 0 });
  return ids;
}

/** The event a message became. */
async function eventOf(id: string): Promise<string> {
  let found: string | undefined;
  await until(async () => {
    const [row] = await rows('sql', `SELECT event_id FROM audit.trail WHERE source_event_id = '${id}'`);
    found = row === undefined ? undefined : String(row.event_id);
    return found !== undefined;
  }, id);
  return found ?? '';
}

const inSplunk = (event: string) => splunk.accepted().filter(({ event_id }) => event_id === event);
const inLoki = (event: string) => loki.accepted().filter(({ event_id }) => event_id === event);
const stateOf = async (sink: string) => (await rows('sinks')).find((row) => row.sink === sink);

beforeAll(async () => {
  splunk = await openSplunkReceiver({ slowPolls: 1 });
  loki = await openLokiReceiver();
  const token = join(place.folder, 'hec');
  writeFileSync(token, 'hec-token\n');
  config = place.write({
    data: place.folder,
    listen: { query: `127.0.0.1:${await freePort()}`, health: `127.0.0.1:${await freePort()}` },
    sinks: {
      siem: { kind: 'splunk', url: splunk.url, token: { file: token }, filter: { surface: ['cli'] } },
      logs: { kind: 'loki', url: loki.url },
    },
    log_level: 'warn',
  });
  up = startRole('up', config);
  await until(async () => (await run('sinks')).code === 0, 'the lanes');
});

afterAll(async () => {
  up.signal('SIGKILL');
  await up.ended;
  await splunk.close();
  await loki.close();
  place.remove();
});

test('what is produced reaches every receiver, people as tokens that join', async () => {
  const [first = '', second = ''] = await produce(2);
  const [one, two] = [await eventOf(first), await eventOf(second)];
  await until(() => inSplunk(two).length > 0 && inLoki(two).length > 0, 'both receivers');
  for (const kept of [
    JSON.stringify(inSplunk(one)),
    inLoki(one)
      .map(({ line }) => line)
      .join(),
  ]) {
    expect(kept).toMatch(/tok_[\w-]{22}/);
    expect(kept).not.toContain('ada@example.com');
    expect(kept).not.toContain('/srv/payments');
  }
});

test('a test goes all the way, past the filter, and tells the receipt', async () => {
  const { code, out, err } = await run('--json', 'sinks', 'test', 'siem');
  expect(code).toBe(0);
  const told = JSON.parse(out);
  expect(told).toMatchObject({ sink: 'siem', receipt: 'delivered' });
  expect(err).toContain(`event ${told.event_id} is on its way; waiting until it is stored\n`);
  expect(err).toContain('stored; waiting up to 120 s for the receipt of siem\n');
  expect(inSplunk(String(told?.event_id))).toHaveLength(1);
  expect(await run('sinks', 'test', 'nobody')).toMatchObject({
    code: 2,
    err: 'no receiver is named nobody; there are siem, logs\n',
  });
});

test('a paused receiver gets nothing until it is resumed; others do', async () => {
  expect(await run('sinks', 'pause', 'logs')).toMatchObject({ code: 0 });
  await until(async () => (await stateOf('logs'))?.state === 'paused', 'the pause');
  const [id = ''] = await produce(1);
  const event = await eventOf(id);
  await until(() => inSplunk(event).length > 0, 'the other receiver');
  expect(inLoki(event)).toEqual([]);
  expect(await run('sinks', 'resume', 'logs')).toMatchObject({ code: 0 });
  await until(() => inLoki(event).length > 0, 'the resumed receiver');
  const shown = await run('buried', 'show', event);
  expect(shown).toMatchObject({ code: 0, err: expect.stringContaining('no receiver turned this event down') });
  expect(shown.out).toContain(event);
});

test('an event the receiver turns down is buried, shown, sent again on demand, or skipped', async () => {
  splunk.script({ kind: 'hec', code: 12 });
  const [retried = ''] = await produce(1);
  const event = await eventOf(retried);
  await until(async () => (await rows('buried', 'list', '--sink', 'siem')).length > 0, 'the burial');
  expect(await rows('buried', 'list')).toMatchObject([{ sink: 'siem', event_id: event, outcome: 'buried' }]);
  const shown = await run('buried', 'show', event);
  expect(shown.out).toContain('/srv/payments/config.yaml');
  expect(await run('buried', 'retry', event, '--sink', 'siem')).toMatchObject({ code: 0 });
  await until(() => inSplunk(event).length > 0, 'the second try');
  await until(async () => (await rows('buried', 'list')).length === 0, 'its receipt');

  splunk.script({ kind: 'hec', code: 13 });
  const [skipped = ''] = await produce(1);
  const other = await eventOf(skipped);
  await until(async () => (await rows('buried', 'list')).length > 0, 'the burial');
  await run('buried', 'skip', other, '--sink', 'siem', '--reason', 'a probe');
  await until(async () => (await rows('buried', 'list')).length === 0, 'the decision');
  expect(inSplunk(other)).toEqual([]);
  expect((await run('buried', 'show', other)).out).toContain('a probe');
});

test('a period is sent again, marked as a replay, within a condition that cannot break out', async () => {
  const [id = ''] = await produce(1);
  const event = await eventOf(id);
  await until(() => inSplunk(event).length > 0, 'the receiver');
  const window = ['--sink', 'siem', '--from', '2020-01-01', '--to', '2100-01-01'];
  expect(await run('replay', ...window, '--where', `source_event_id = '${id}'`)).toMatchObject({ code: 0 });
  await until(() => inSplunk(event).length === 2, 'the replay');
  expect(inSplunk(event).map(({ fields }) => fields.trailhouse_replay)).toEqual([undefined, '1']);
  const refused = await run('replay', ...window, '--where', '1) UNION ALL SELECT event_id FROM audit.events WHERE (1');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.err).toContain('--where');
});

test('every hour adds up, and says what became of the events', async () => {
  await until(async () => (await rows('parity', '--sink', 'siem')).every(({ waiting }) => waiting === 0), 'parity');
  const hours = await rows('parity', '--sink', 'siem');
  const sum = (column: string) => hours.reduce((total, row) => total + Number(row[column]), 0);
  expect([sum('buried'), sum('unaccounted')]).toEqual([1, 0]);
  expect(sum('filtered')).toBeGreaterThan(0);
  expect(sum('delivered')).toBeGreaterThanOrEqual(6);
});

test('what operators did is on the trail', async () => {
  const acts = await rows(
    'sql',
    "SELECT DISTINCT attributes['attributes.what'] AS what FROM audit.trail WHERE startsWith(attributes['attributes.what'], 'receiver') ORDER BY what",
  );
  expect(acts.map(({ what }) => what)).toEqual([
    'receiver pause',
    'receiver replay',
    'receiver resume',
    'receiver skip',
    'receiver test',
  ]);
});

test('dialects name what a receiver cannot carry', async () => {
  const carried = await rows('dialects', 'loki');
  expect(carried.length).toBeGreaterThan(70);
  expect(await run('dialects', 'syslog')).toMatchObject({ code: 2 });
});
