import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Config, readConfig } from '../../services/processes/config.ts';
import { tellConfiguration } from '../../services/processes/configured.ts';
import { writeKeyPair } from '../../services/processes/retain/key.ts';
import { fakeClock } from '../support/clock.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';

const clock = fakeClock();
let folder: string;
let config: Config;
let log: MemoryLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trailhouse-configured-'));
  config = readConfig(undefined, { TRAILHOUSE_DATA: folder });
  log = memoryLog(clock);
  await log.create([{ name: 'trailhouse.events', partitions: 1, retentionMs: -1 }]);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function acts() {
  const said: string[] = [];
  await log.read('trailhouse.events', 0, ({ records }) => {
    for (const { value } of records) said.push(Buffer.from(value).toString());
  });
  return said.map((text) => JSON.parse(text));
}

test('a role that starts as before says nothing; one that starts otherwise says what differs, and who started it', async () => {
  await tellConfiguration('up', config, log, clock);
  await tellConfiguration('up', config, log, clock);
  expect(await acts()).toMatchObject([
    {
      action: 'audit.act',
      actor: { id: userInfo().username },
      target: 'role up',
      attributes: { what: 'configuration' },
    },
  ]);
  const changed = { ...config, quarantine_days: 3 };
  await tellConfiguration('up', changed, log, clock);
  await tellConfiguration('archive', changed, log, clock);
  const [, second, third] = await acts();
  expect(second.attributes).toMatchObject({ what: 'configuration changed', sections: 'quarantine_days' });
  expect(third.attributes).toMatchObject({ what: 'configuration', role: 'archive' });
});

test('a key that was replaced in its file is told of', async () => {
  const file = join(folder, 'ledger.pem');
  const keyed = { ...config, ledger: { ...config.ledger, origin: 'audit.harbour.example', signing_key: file } };
  await writeKeyPair(file);
  await tellConfiguration('seal', keyed, log, clock);
  for (const name of [file, `${file}.pub`]) rmSync(name);
  await writeKeyPair(file);
  await tellConfiguration('seal', keyed, log, clock);
  expect((await acts()).at(-1).attributes).toMatchObject({ what: 'configuration changed', sections: 'key of ledger' });
});
