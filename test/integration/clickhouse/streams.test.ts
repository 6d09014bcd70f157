import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import type { Ask, Streams } from '../../../services/clickhouse/streams.ts';
import { type ClickHouseFront, clickhouseFront } from '../../support/clickhouse-front.ts';

/** Answers as they come, from the engine in this process and from a server. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-streams-'));
const LIMITS = { seconds: 30, memoryBytes: 2 ** 30, rows: 100_000, bytes: 2 ** 24 };
const QUOTED = { output_format_json_quote_64bit_integers: 1 };
let front: ClickHouseFront;
const open: Partial<Record<string, ClickHouse>> = {};

beforeAll(async () => {
  front = await clickhouseFront(join(folder, 'server'));
  open.embedded = await openClickHouse({
    driver: 'embedded',
    path: join(folder, 'store'),
    spool: join(folder, 'spool'),
  });
  open.server = await openClickHouse(front.config);
});
afterAll(async () => {
  await open.embedded?.close();
  await open.server?.close();
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

const question = (sql: string, more: Partial<Ask> = {}): Ask => ({
  ...{ sql, format: 'TabSeparated', params: {}, settings: {}, streams: true, revision: 0 },
  ...more,
});

async function read(streams: Streams | undefined, asked: Ask, signal = AbortSignal.timeout(30_000)): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const { bytes } of streams?.ask(asked, signal) ?? []) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

describe.each(['embedded', 'server'])('%s', (driver) => {
  let streams: Streams | undefined;
  beforeAll(() => {
    streams = open[driver]?.streams(LIMITS, 1);
  });

  test.each([
    [question("SELECT 1 AS a, 'x' AS b"), '1\tx\n'],
    [question("SELECT 1 AS a, 'x' AS b", { format: 'CSVWithNames' }), '"a","b"\n1,"x"\n'],
    [question('SELECT {a:Array(String)} AS a', { params: { a: ["it's", 'b\\'] } }), "['it\\'s','b\\\\']\n"],
    [question('SELECT (SELECT 1) AS a', { streams: false }), '1\n'],
    [question('SELECT toUInt64(1) AS a', { format: 'JSONEachRow', settings: QUOTED }), '{"a":"1"}\n'],
    [question('SELECT 1 WHERE 0'), ''],
  ])('%j', async (asked, text) => expect(await read(streams, asked)).toBe(text));

  test('a failure is ClickHouse’s, and the next question is answered', async () => {
    await expect(read(streams, question('SELECT nothing'))).rejects.toMatchObject({ code: 47 });
    await expect(read(streams, question("SELECT throwIf(number = 5, 'no') FROM numbers(10)"))).rejects.toMatchObject({
      code: 395,
    });
    expect(await read(streams, question('SELECT 1'))).toBe('1\n');
  });

  test('who leaves gives the turn back', async () => {
    const long = question('SELECT number FROM numbers(90000)', { settings: { max_block_size: 1000 } });
    for await (const { bytes } of streams?.ask(long, AbortSignal.timeout(30_000)) ?? []) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    const leaving = new AbortController();
    leaving.abort(new Error('left'));
    await expect(read(streams, long, leaving.signal)).rejects.toThrow('left');
    expect(await read(streams, question('SELECT 1'))).toBe('1\n');
  });
});

test('limits of a result hold where ClickHouse leaves them aside', async () => {
  const streams = open.embedded?.streams(LIMITS, 1);
  const rows = question('SELECT arrayJoin(range(200000))');
  await expect(read(streams, rows)).rejects.toMatchObject({ code: 396 });
  await expect(read(streams, { ...rows, streams: false })).rejects.toMatchObject({ code: 396 });
  const bytes = question("SELECT arrayJoin(range(1000)), repeat('x', 100000)");
  await expect(read(streams, bytes)).rejects.toMatchObject({ code: 396 });
});

test('a subquery of IN does not hold up whoever asks', async () => {
  // chdb plans in the calling thread: what runs there runs before `ask` yields to anybody else.
  const streams = open.embedded?.streams(LIMITS, 1);
  const sql =
    'SELECT count() FROM numbers(10) WHERE number IN (SELECT throwIf(number = 3000000) FROM numbers(4000000))';
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  await expect(read(streams, question(sql))).rejects.toMatchObject({ code: 395 });
  clearInterval(turning);
  expect(turns).toBeGreaterThan(0);
});
