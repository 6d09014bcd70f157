import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRandom } from '../../simulator/random.ts';
import { built, site } from '../../support/evidence.ts';
import { type Judging, judge, newTally, type Tally } from './tally.ts';
import { filesOf, type Region, regions, stored } from './zips.ts';

/** Flips of one bundle: the next hundred hit another one. */
const OF_ONE = 200;

/** Half of the flips hit a zip as it is handed over, half the files of the same bundle in a zip that packs nothing. */
export async function flips(
  events: number,
  count: number,
  judging: Judging,
  folder: string,
): Promise<readonly Tally[]> {
  const random = openRandom(events).next;
  const ofZip = newTally(`a bit of the zip, ${events} events`);
  const ofFiles = newTally(`a bit of a file in it, ${events} events`);
  for (let done = 0; done < count; done += OF_ONE) {
    const path = join(folder, `flips-${events}-${done}.zip`);
    const profile = done % (2 * OF_ONE) === 0 ? 'masked' : 'full';
    const { parts } = await site(events, { erased: [3], due: [5] });
    await built(path, parts, { framework: 'itar', to: '2040-01-01T00:00:00Z', profile });
    const half = Math.min(OF_ONE, count - done) / 2;
    await turn(ofZip, readFileSync(path), Math.ceil(half), random, judging);
    await turn(ofFiles, stored(await filesOf(path)), Math.floor(half), random, judging);
    process.stderr.write(`${done + OF_ONE} of ${count} flips …\n`);
  }
  return [ofZip, ofFiles];
}

async function turn(tally: Tally, bytes: Buffer, count: number, random: () => number, judging: Judging): Promise<void> {
  const places = regions(bytes);
  for (let left = count; left > 0; left--) {
    const place = Math.floor(random() * bytes.length);
    const mask = 1 << Math.floor(random() * 8);
    const before = bytes.readUInt8(place);
    bytes.writeUInt8(before ^ mask, place);
    const { verdict } = await judge(tally, bytes, namesOf(places, place), judging);
    if (verdict === 'genuine')
      process.stderr.write(`${tally.kind}: byte ${place} of ${bytes.length}, mask ${mask}: unseen\n`);
    bytes.writeUInt8(before, place);
  }
}

/** The file whose bytes or header it is; none in the list of contents, of which any word names the place. */
function namesOf(places: readonly Region[], place: number): readonly string[] {
  return places.filter(({ from, to, name }) => place >= from - 30 - name.length && place < to).map(({ name }) => name);
}
