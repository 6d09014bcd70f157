import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formats } from '../../services/formats/index.ts';
import { BROKEN } from '../../services/processes/demo/broken.ts';
import { demoDay, lastDay } from '../../services/processes/demo/day.ts';
import { CONFIG_CHANGES } from '../../services/processes/demo/script.ts';
import { commands } from '../support/commands.ts';
import { freePort } from '../support/ports.ts';
import { type Role, startIn } from '../support/role.ts';

/** The commands as people run them: beside a running demo, then without it. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-demo-'));
const day = lastDay(new Date());
const date = new Date(day).toISOString().slice(0, 10);
let environment: NodeJS.ProcessEnv;
let up: Role;

const token = (name: string) => join(folder, `.trailhouse/demo/operators/${name}.token`);

const { run, rows } = commands(() => ({ cwd: folder, env: environment }));

const http = (query: string) =>
  fetch(`http://${environment.TRAILHOUSE_LISTEN__QUERY}/?query=${encodeURIComponent(query)}`);

async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 550; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`waited in vain for ${what}:\n${up.said()}`);
}

beforeAll(async () => {
  environment = {
    ...process.env,
    TRAILHOUSE_LISTEN__QUERY: `127.0.0.1:${await freePort()}`,
    TRAILHOUSE_LISTEN__HEALTH: `127.0.0.1:${await freePort()}`,
  };
  up = startIn(folder, ['up'], environment);
  await until(() => up.said().includes('Try, in another terminal'), 'the demo day');
});

afterAll(async () => {
  up.signal('SIGKILL');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe('beside a running demo', () => {
  test('it says what it does and what arrived', () => {
    expect(up.said()).toContain('No configuration file');
    expect(up.said()).toMatch(/events in 13 formats from \d+ messages, by 40 people in 6 teams/);
    expect(up.said()).toContain(`${BROKEN.length} messages in quarantine, 0 skipped`);
    expect(up.said()).toContain('npx trailhouse query config-changes');
  });

  test('about twenty thousand events of the day are there, of all formats', async () => {
    const found = await rows(
      'sql',
      `SELECT format, count() AS n FROM audit.trail WHERE origin_topic != 'trailhouse.events' GROUP BY format`,
    );
    const total = found.reduce((sum, { n }) => sum + Number(n), 0);
    expect(total).toBeGreaterThan(19_000);
    expect(total).toBeLessThan(21_500);
    expect(found.map(({ format }) => format).sort()).toEqual(formats.map(({ name }) => name).sort());
  });

  test('the store answers over HTTP, and only what passes the gate', async () => {
    const answer = await http('SELECT count() FROM audit.trail');
    expect(answer.status).toBe(200);
    expect(Number(await answer.text())).toBeGreaterThan(19_000);
    for (const query of [
      'SELECT * FROM audit.content',
      'DROP TABLE audit.events',
      "SELECT * FROM file('/etc/passwd')",
      'SELECT 1; SELECT 2',
    ]) {
      const refused = await http(query);
      expect(refused.status, query).toBe(403);
      expect(await refused.text()).toMatch(/^Code: 497\. DB::Exception: /);
    }
  });

  test('who used Claude Code to change production configuration: exactly these', async () => {
    const window = ['--param', `from=${date} 00:00:00`, '--param', `to=${date} 23:59:59`];
    const found = await rows('query', 'config-changes', ...window);
    const shown = found.map(({ actor_email, action, outcome }) => ({ actor_email, action, outcome }));
    expect(shown).toEqual(
      CONFIG_CHANGES.map(({ email, action }) => ({ actor_email: email, action, outcome: 'success' })),
    );
    for (const [index, { target }] of CONFIG_CHANGES.entries()) expect(JSON.stringify(found[index])).toContain(target);
  });

  test('what the AI tools accessed: the answer of the day', async () => {
    const window = ['--param', `from=${date} 00:00:00`, '--param', `to=${date} 23:59:59`];
    const found = await rows('query', 'accessed', ...window);
    const text = JSON.stringify(found, null, 2).replaceAll(date, 'DAY');
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/demo/accessed.json');
  });

  test('a person has one timeline across the surfaces, in order', async () => {
    const found = await rows('timeline', '--user', 'priya.raman@alderbrook.example');
    const times = found.map(({ occurred_at }) => String(occurred_at));
    expect(times).toEqual([...times].sort());
    expect(new Set(found.map(({ product }) => product)).size).toBeGreaterThan(2);
    const [session] = found.filter(({ session_id }) => session_id !== '').map(({ session_id }) => String(session_id));
    expect((await rows('timeline', '--session', session ?? '')).length).toBeGreaterThan(0);
  });

  test('every raw offset is accounted for', async () => {
    const { code, out, err } = await run('coverage');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('gateway.events');
    const partitions = await rows('coverage');
    expect(out).toContain(`covered: every settled offset of ${partitions.length} raw partitions is accounted for`);
  });

  test('quarantined messages keep their bytes and can be sent again, once', async () => {
    const found = await rows('quarantine', 'list');
    expect(found).toHaveLength(BROKEN.length);
    for (const { reason } of found) expect(String(reason)).toMatch(/^[\w.[\] -]+: /);
    const [html] = found.filter(({ origin_topic, bytes }) => origin_topic === 'gateway.events' && Number(bytes) === 41);
    const id = String(html?.quarantine_id);
    const sent = demoDay(day).filter(({ value }) => value.length === 41 && Buffer.from(value).includes('<html>'));
    const by = ['--operator-token-file', token('administrator')];
    expect((await run('quarantine', 'show', id)).code).toBe(2);
    expect((await run('quarantine', 'show', id, ...by)).out).toBe(Buffer.from(sent[0]?.value ?? []).toString());
    expect((await run('quarantine', 'retry', id)).code).toBe(2);
    expect((await run('quarantine', 'retry', id, ...by)).code).toBe(0);
    await until(async () => (await rows('quarantine', 'list')).length === BROKEN.length + 1, 'the retry');
    const again = await run('quarantine', 'retry', id, ...by);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('was retried before')]);
    expect(await rows('access-review')).toContainEqual(
      expect.objectContaining({ person: 'administrator', what: 'quarantine show', outcome: 'success' }),
    );
  });

  test('messages can be produced and arrive', async () => {
    const file = join(folder, 'one.json');
    const envelope = { trailhouse: 1, id: 'mine', action: 'file.read', outcome: 'success', session: 'session-mine' };
    writeFileSync(file, JSON.stringify({ ...envelope, time: new Date().toISOString() }));
    expect((await run('produce', '--topic', 'endpoint.events', file)).code).toBe(0);
    await until(async () => (await rows('timeline', '--session', 'session-mine')).length === 1, 'the message');
  });

  test('every question is itself in the trail', async () => {
    const asked = () => rows('sql', `SELECT count() AS n FROM audit.trail WHERE action = 'audit.query'`);
    await until(async () => Number((await asked())[0]?.n) > 5, 'the queries');
  });

  test('the trail is signed, an auditor is handed a bundle of the day, and a person is erased', {
    timeout: 300_000,
  }, async () => {
    const environmentOfOperator = { TRAILHOUSE_OPERATOR_TOKEN: readFileSync(token('administrator'), 'utf8').trim() };
    const operator = commands(() => ({ cwd: folder, env: { ...environment, ...environmentOfOperator } }));
    const checked = await run('ledger', 'verify');
    expect({ code: checked.code, err: checked.err }).toEqual({ code: 0, err: 'what is stored is what was signed\n' });

    const next = new Date(day + 86_400_000).toISOString().slice(0, 10);
    const wanted = ['--framework', 'soc2', '--scope', 'team=clinical', '--from', date, '--to', next];
    const built = await operator.run('evidence', 'build', ...wanted, '--purpose', 'a look', '--out', 'day.zip');
    expect(built.err).toContain('signed by');
    expect((await run('evidence', 'verify', 'day.zip')).out).toContain('GENUINE');

    const subject = 'victor.lang@alderbrook.example';
    const [ordered] = await operator.rows('erase', '--subject', subject, '--basis', 'GDPR 17(1)(b)');
    const order = async () => (await rows('erasures')).find(({ erasure }) => erasure === ordered?.erasure);
    await until(async () => Number((await order())?.certificates) > 0, 'the certificate');
    expect(Number((await order())?.events)).toBeGreaterThan(0);
    expect((await run('erasures', 'show', String(ordered?.erasure))).code).toBe(0);
  });

  test('the socket and the data belong to their owner alone', () => {
    const mode = (name: string) => statSync(join(folder, '.trailhouse/demo', name)).mode & 0o777;
    expect(mode('trailhouse.sock')).toBe(0o600);
    expect(mode('')).toBe(0o700);
    expect(mode('keys')).toBe(0o700);
  });

  test.each([
    [['sql', 'SELECT * FROM system.tables'], 1, /system/],
    [['sql', 'SELECT nonsense FROM audit.trail'], 1, /Code: 47/],
    [['query', 'no-such-query'], 2, /there are .*config-changes/],
    [['up'], 2, /is in use: another Trailhouse/],

    [['timeline'], 2, /--session/],
    [['nonsense'], 2, /unknown command/],
    [['sql'], 2, /missing required argument/],
    [['produce', '--topic', 'no.such', 'one.json'], 2, /there are .*gateway\.events/],
    [['produce', '--topic', 'trailhouse.events', 'one.json'], 2, /Trailhouse itself/],
    [['try', 'no-such-file.json'], 2, /cannot be read/],
  ])('trailhouse %j ends with %i and says why', async (given, code, words) => {
    const ran = await run(...given);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(words);
    expect(ran.out).toBe('');
  });
});

describe('without it', () => {
  beforeAll(async () => {
    expect(await up.stop()).toBe(0);
    expect(existsSync(join(folder, '.trailhouse/demo/trailhouse.sock'))).toBe(false);
  });

  test('questions are answered from the store itself', async () => {
    const [total] = await rows('sql', 'SELECT count() AS n FROM audit.trail');
    expect(Number(total?.n)).toBeGreaterThan(19_000);
    expect((await run('coverage')).code).toBe(0);
  });

  test('a command makes no pipeline where there is none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'trailhouse-none-'));
    const role = startIn(empty, ['sql', 'SELECT count() FROM audit.trail'], environment);
    expect(await role.ended).toBe(2);
    expect(role.said()).toMatch(/no pipeline in .*trailhouse up/);
    expect(existsSync(join(empty, '.trailhouse'))).toBe(false);
    rmSync(empty, { recursive: true });
  });

  test('try touches no store', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'trailhouse-try-'));
    const file = join(empty, 'two.jsonl');
    writeFileSync(
      file,
      '{"trailhouse":1,"time":"2026-06-01T12:00:00Z","action":"shell.exec","outcome":"success","command":"ls"}\n{"broken"\n',
    );
    const role = startIn(empty, ['try', file], environment);
    expect(await role.ended).toBe(1);
    const [first, second] = role.said().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      kind: 'accepted',
      format: 'envelope',
      events: [{ command: 'ls' }],
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ kind: 'rejected' });
    expect(existsSync(join(empty, '.trailhouse'))).toBe(false);
    rmSync(empty, { recursive: true });
  });

  test('a configuration is checked, and nothing is seeded with one', async () => {
    const bad = join(folder, 'bad.yaml');
    writeFileSync(bad, 'data: somewhere\ntopcis: {}\n');
    const refused = await run('--config', bad, 'up');
    expect([refused.code, refused.err]).toEqual([2, `${bad}:2: topcis: unknown key; did you mean topics?\n`]);

    const good = join(folder, 'good.yaml');
    writeFileSync(good, `data: ${join(folder, 'real')}\nlog_level: info\n`);
    const role = startIn(folder, ['--config', good, 'up'], environment);
    await until(() => role.said().includes('"running"'), 'up with a configuration');
    const [total] = await rows(
      '--config',
      good,
      'sql',
      "SELECT count() AS n FROM audit.trail WHERE product != 'trailhouse'",
    );
    expect(total).toEqual({ n: 0 });
    expect(await role.stop()).toBe(0);
  });
});
