import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openZip } from '../../services/evidence/zip-source.ts';
import { built, checked, site, temporary } from '../support/evidence.ts';

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether the verifier, or the opening before it, turns a file down. */
async function isNamed(path: string): Promise<boolean> {
  try {
    await (await openZip(path)).close();
    return (await checked(path)).verdict === 'altered';
  } catch {
    return true;
  }
}

/** Places of a zip that are no file's bytes: headers of files, the list of them, and its end. */
function* structure(bytes: Buffer): Generator<number> {
  let at = 0;
  while (bytes.toString('latin1', at, at + 4) === 'PK\x03\x04') {
    const [name, packed] = [bytes.readUInt16LE(at + 26), bytes.readUInt32LE(at + 18)];
    for (const begin = at + 30 + name; at < begin; at++) yield at;
    at += packed;
  }
  for (; at < bytes.length; at++) yield at;
}

/** Files' bytes that are flipped: their checks are those of whole files, which look at each byte alike. */
const SAMPLES = 40;

test('a byte that is flipped anywhere is found', async () => {
  const { parts } = await site(2, { erased: [1] });
  const path = await built(join(folder, 'small.zip'), parts, { framework: 'itar' });
  const bytes = readFileSync(path);
  const structural = new Set(structure(bytes));
  const packed = Array.from(bytes.keys()).filter((place) => !structural.has(place));
  const step = Math.ceil(packed.length / SAMPLES);
  const file = openSync(path, 'r+');
  const missed: number[] = [];
  for (const place of [...structural, ...packed.filter((_, index) => index % step === 0)]) {
    const byte = bytes[place] ?? 0;
    writeSync(file, Buffer.of(byte ^ (1 << (place % 8))), 0, 1, place);
    if (!(await isNamed(path))) missed.push(place);
    writeSync(file, Buffer.of(byte), 0, 1, place);
  }
  closeSync(file);
  expect(missed).toEqual([]);
  expect((await checked(path)).verdict).toBe('genuine');
}, 120_000);
