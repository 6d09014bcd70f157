import { createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { ZipFile } from 'yazl';
import { Zip } from '../../services/evidence/zip.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { temporary } from '../support/evidence.ts';

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

async function ours(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name);
  const zip = await Zip.create(path);
  for (const [file, text] of Object.entries(files)) await zip.add(file, [Buffer.from(text)]);
  await zip.end();
  return path;
}

async function theirs(name: string, fill: (zip: ZipFile) => void): Promise<string> {
  const path = join(folder, name);
  const zip = new ZipFile();
  fill(zip);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

test('another library reads what is written here', async () => {
  const files = { 'a.txt': 'one', 'b/c.txt': 'two '.repeat(10_000), 'd.txt': '' };
  const bytes = readFileSync(await ours('ours.zip', files));
  const read: Record<string, number> = {};
  await new Promise<void>((resolve, reject) => {
    fromBuffer(bytes, (failure, zip) => {
      if (failure !== null) return reject(failure);
      zip.on('entry', ({ fileName, uncompressedSize }) => {
        read[fileName] = uncompressedSize;
      });
      zip.on('end', () => resolve());
      zip.on('error', reject);
    });
  });
  expect(read).toEqual({ 'a.txt': 3, 'b/c.txt': 40_000, 'd.txt': 0 });
});

test.each([
  ['another writer’s headers', (zip: ZipFile) => zip.addBuffer(Buffer.from('x'), 'a.txt')],
  ['one name twice', (zip: ZipFile) => void [1, 2].map(() => zip.addBuffer(Buffer.from('x'), 'a.txt'))],
  [
    'names that differ in case',
    (zip: ZipFile) => void ['a.txt', 'A.txt'].map((name) => zip.addBuffer(Buffer.from('x'), name)),
  ],
  ['a link', (zip: ZipFile) => zip.addBuffer(Buffer.from('/etc/passwd'), 'a.txt', { mode: 0o120777 })],
  ['a folder', (zip: ZipFile) => zip.addEmptyDirectory('a')],
  ['a hidden file', (zip: ZipFile) => zip.addBuffer(Buffer.from('x'), '.bashrc')],
])('%s is refused', async (name, fill) => {
  await expect(openZip(await theirs(`${name.replaceAll(/\W/g, '')}.zip`, fill))).rejects.toThrow(
    /a\.txt|A\.txt|"|list/,
  );
});

/** The bytes with a name changed wherever it stands. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

test.each(['../a', '/abc', 'a//b', 'a\\bc', 'C:ab', 'a/..', 'a\nbc'])('the name %j is refused', async (name) => {
  const bytes = readFileSync(await ours(`name-${Buffer.from(name).toString('hex')}.zip`, { wxyz: 'text' }));
  const path = join(folder, `named-${Buffer.from(name).toString('hex')}.zip`);
  writeFileSync(path, renamed(bytes, 'wxyz', name));
  await expect(openZip(path)).rejects.toThrow('is no name of a file in a bundle');
});

test('more bytes than the list of contents says come out of no file', async () => {
  const bytes = readFileSync(await ours('bomb.zip', { 'a.txt': '0'.repeat(1_000_000) }));
  const [local, listed] = [22, bytes.indexOf('PK\x01\x02') + 24];
  for (const at of [local, listed]) bytes.writeUInt32LE(10, at);
  const path = join(folder, 'bombed.zip');
  writeFileSync(path, bytes);
  const zip = await openZip(path);
  let got = 0;
  const read = async () => {
    for await (const chunk of zip.stream('a.txt')) got += chunk.length;
  };
  await expect(read()).rejects.toThrow('holds other than the 10 bytes');
  expect(got).toBeLessThanOrEqual(10);
  await zip.close();
});
