import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { LogLost } from '../../services/core/log.ts';
import { openEmbeddedLog } from '../../services/log/embedded/index.ts';
import { fakeClock } from '../support/clock.ts';

/** Blocks that went between two looks at the file were handed on as offsets the log holds nothing at. */
test.each([
  ['the first', 0],
  ['one in the middle', 1],
])('the embedded log passes %s missing block for a loss, not for a hole', async (_, missing) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-gap-'));
  const path = join(folder, 'log.sqlite');
  const log = openEmbeddedLog({ path, clock: fakeClock() });
  try {
    await log.create([{ name: 'raw', partitions: 1, retentionMs: -1 }]);
    for (let block = 0; block < 3; block++) await log.append('raw', 0, [{ value: Buffer.from(`${block}`) }]);
    const database = new DatabaseSync(path);
    database.prepare('DELETE FROM blocks WHERE first = ?').run(missing);
    database.close();

    const source = log.subscribe({ group: 'g', topics: ['raw'] });
    const running = source.run(async () => undefined, new AbortController().signal);
    await expect(running).rejects.toBeInstanceOf(LogLost);
    await expect(running).rejects.toMatchObject({ wanted: missing });
    expect(await log.committed('g', 'raw')).toEqual(new Map());
  } finally {
    await log.close();
    rmSync(folder, { recursive: true });
  }
});
