import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { disk } from '../../../services/processes/seal/disk.ts';
import { type Place, PlacesWriter, places } from '../../../services/processes/seal/places.ts';

const root = mkdtempSync(join(tmpdir(), 'trailhouse-places-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));

/** Places in the order of their audit offsets, of one of three raw partitions each. */
const someSteps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 })), { maxLength: 60 });

function placesOf(steps: readonly (readonly [number, number])[]): readonly Place[] {
  let auditOffset = 2 ** 40;
  return steps.map(([step, raw], index) => {
    auditOffset += step;
    return { auditOffset, lineage: `0/gateway.events/${raw}`, offset: 2 ** 41 + index, ordinal: index % 3 };
  });
}

async function write(folder: string, from: number, all: readonly Place[]): Promise<void> {
  const writer = await PlacesWriter.open(folder, from, disk);
  for (const place of all) writer.add(place);
  await writer.flush();
}

test('places come back by index and by audit offset, however often the file was opened', async () => {
  await fc.assert(
    fc.asyncProperty(someSteps, fc.nat(), async (steps, cut) => {
      const [folder, all] = [newFolder(), placesOf(steps)];
      const at = cut % (all.length + 1);
      await write(folder, 0, all.slice(0, at));
      await write(folder, at, all.slice(at));
      const { read, indexFrom } = places(folder);
      expect(await read(0, all.length)).toEqual(all);
      for (const [index, { auditOffset }] of all.entries()) {
        expect(await indexFrom(auditOffset, all.length)).toBe(index);
        const next = all[index + 1]?.auditOffset === auditOffset + 1 ? index + 1 : index;
        expect(await indexFrom(auditOffset + 1, all.length)).toBe(next === index ? index + 1 : next);
      }
      expect(await indexFrom(0, all.length)).toBe(0);
    }),
    { numRuns: 20 },
  );
});

test('what lies behind the size that was signed is written anew', async () => {
  const [folder, all] = [newFolder(), placesOf(Array.from({ length: 9 }, () => [1, 0] as const))];
  await write(folder, 0, all);
  const other = all.slice(5).map((place) => ({ ...place, lineage: '1/gateway.events/0' }));
  await write(folder, 5, other);
  expect(await places(folder).read(0, 9)).toEqual([...all.slice(0, 5), ...other]);
});

test('a file that is too short says so', async () => {
  const [folder, all] = [newFolder(), placesOf(Array.from({ length: 4 }, () => [1, 0] as const))];
  await write(folder, 0, all);
  truncateSync(join(folder, 'offsets'), 80);
  await expect(places(folder).read(3, 4)).rejects.toThrow('there is no place of leaf 3');
});
