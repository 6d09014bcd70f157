import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silent } from '../../services/core/logger.ts';
import { ConfigError } from '../../services/processes/config-error.ts';
import { openDirectory } from '../../services/processes/directory.ts';
import { fakeClock } from '../support/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-directory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MARA = 'email,team\nmara@harbour.example,platform\n';

function open(file: string) {
  const said: string[] = [];
  const warn = (fields: object) => said.push(JSON.stringify(fields));
  const clock = fakeClock();
  return { said, clock, opened: openDirectory([join(folder, file)], { clock, logger: { ...silent, warn } }) };
}

test('a file is read again when it changes, at most once a minute', async () => {
  writeFileSync(join(folder, 'people.csv'), MARA);
  const { clock, opened } = open('people.csv');
  const directory = await opened;
  const teamOf = async () => (await directory()).byEmail('mara@harbour.example');
  writeFileSync(join(folder, 'people.csv'), MARA.replace('platform', 'night shift'));
  clock.advance(59_999);
  expect(await teamOf()).toMatchObject({ it: { team: 'platform' } });
  clock.advance(1);
  expect(await teamOf()).toMatchObject({ it: { team: 'night shift' } });
});

test('a version that cannot be read is named without its contents, and the last good one stays', async () => {
  writeFileSync(join(folder, 'people.csv'), MARA);
  const { clock, opened, said } = open('people.csv');
  const directory = await opened;
  writeFileSync(join(folder, 'people.csv'), `${MARA}no-address,secret\n`);
  clock.advance(60_000);
  expect((await directory()).byEmail('mara@harbour.example')).toMatchObject({ it: { team: 'platform' } });
  expect(said).toEqual([expect.stringContaining('people.csv:3: email: is no address')]);
  expect(said.join()).not.toContain('secret');
  clock.advance(60_000);
  await directory();
  expect(said).toHaveLength(1);
});

test('contradictions are told by their places', async () => {
  writeFileSync(join(folder, 'two.csv'), `${MARA}mara@harbour.example,secret\n`);
  const { opened, said } = open('two.csv');
  await opened;
  expect(said).toEqual([expect.stringMatching(/two\.csv:2, .*two\.csv:3: contradict each other about team/)]);
});

test('at the start a file that is missing or broken is a mistake in the configuration', async () => {
  await expect(open('absent.csv').opened).rejects.toThrow(
    new ConfigError(`${join(folder, 'absent.csv')}: cannot be read (ENOENT)`),
  );
  writeFileSync(join(folder, 'broken.json'), '[\n{]');
  await expect(open('broken.json').opened).rejects.toThrow(/broken\.json:2: is no JSON$/);
});
