import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { built, checked, site, temporary } from '../support/evidence.ts';

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

/** What the verifier says of the bytes: places it names, or why they are no bundle. */
async function said(bytes: Uint8Array): Promise<readonly string[]> {
  const path = join(folder, 'flipped.zip');
  writeFileSync(path, bytes);
  try {
    return (await checked(path)).problems.map(
      ({ file, row, reason }) => `${file}${row === undefined ? '' : `:${row}`} ${reason}`,
    );
  } catch (error) {
    return [error instanceof Error ? error.message : 'unreadable'];
  }
}

/** Where each file of a zip lies: its header's place and its bytes' end. */
function regions(bytes: Buffer): readonly { readonly name: string; readonly at: number; readonly end: number }[] {
  const found: { name: string; at: number; end: number }[] = [];
  for (let at = 0; bytes.toString('latin1', at, at + 4) === 'PK\x03\x04'; at = found.at(-1)?.end ?? 0) {
    const length = bytes.readUInt16LE(at + 26);
    const name = bytes.toString('latin1', at + 30, at + 30 + length);
    found.push({ name, at, end: at + 30 + length + bytes.readUInt32LE(at + 18) });
  }
  return found;
}

test('one flipped bit in any file, header or list of the zip is named', async () => {
  const { parts } = await site(20, { erased: [3] });
  const bytes = readFileSync(await built(join(folder, 'whole.zip'), parts, { framework: 'itar' }));
  const files = regions(bytes);
  const listed = files.at(-1)?.end ?? 0;
  const inFiles = files.flatMap(({ name, at, end }) =>
    [at + 11, Math.floor((at + 30 + name.length + end) / 2), end - 1].map((place) => ({ name, place })),
  );
  const inList = Array.from({ length: 20 }, (_, index) => ({
    name: '',
    place: listed + Math.floor((index * (bytes.length - listed - 1)) / 19),
  }));
  for (const [index, { name, place }] of [...inFiles, ...inList].entries()) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8((flipped[place] ?? 0) ^ (1 << (index % 8)), place);
    const places = await said(flipped);
    expect(places, `byte ${place}, ${name}`).not.toEqual([]);
    if (name !== '') expect(places.join('\n'), `byte ${place} of ${name}`).toContain(name);
  }
});

test('nothing left out, added or put behind passes', async () => {
  const { parts } = await site(10);
  const bytes = readFileSync(await built(join(folder, 'ten.zip'), parts));
  expect(await said(bytes)).toEqual([]);
  expect(await said(bytes.subarray(0, -1))).toEqual(['it is no zip, or bytes follow its end']);
  expect(await said(Buffer.concat([bytes, Buffer.from('x')]))).toEqual(['it is no zip, or bytes follow its end']);
});
