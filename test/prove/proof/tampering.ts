import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../../../services/evidence/manifest.ts';
import { openRandom } from '../../simulator/random.ts';
import { built, site } from '../../support/evidence.ts';
import { type Judging, judge, newTally, type Tally } from './tally.ts';
import { type Files, filesOf, signedBy, stored } from './zips.ts';

const EVENTS = 'events/0.jsonl';
const LEDGER = 'ledger/0';

type Random = () => number;
type Lines = readonly string[];

/** One change to the files of a bundle, and the places of which one has to be named. */
interface Change {
  readonly kind: string;
  make(files: Files, random: Random, other: Files): { readonly files: Files; readonly places: readonly string[] };
}

const whole = (random: Random, below: number): number => Math.floor(random() * below);
const pick = (random: Random, files: Files): string => [...files.keys()][whole(random, files.size)] ?? '';

/** Of lines of a file: what is left out, changes places, is put in, or comes in another order. */
const LINES: readonly (readonly [string, (lines: Lines, random: Random, foreign: Lines) => Lines])[] = [
  ['dropped', (lines, random) => lines.toSpliced(whole(random, lines.length), 1)],
  ['swapped with its neighbour', (lines, random) => swapped(lines, whole(random, lines.length - 1))],
  ['there twice', (lines, random) => inserted(lines, lines[whole(random, lines.length)] ?? '', random)],
  [
    'of another bundle put in',
    (lines, random, foreign) => inserted(lines, foreign[whole(random, foreign.length)] ?? '', random),
  ],
  ['and all others in reverse', (lines) => lines.toReversed()],
  ['and all behind it cut off', (lines, random) => lines.slice(0, 1 + whole(random, lines.length - 1))],
];

const inserted = (lines: readonly string[], line: string, random: Random) =>
  lines.toSpliced(whole(random, lines.length + 1), 0, line);
const swapped = (lines: readonly string[], at: number) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '');

const linesOf = (files: Files, name: string): Lines =>
  (files.get(name) ?? Buffer.of()).toString().split('\n').slice(0, -1);

const ofLines = (what: string, file: string): readonly Change[] =>
  LINES.map(([kind, change]) => ({
    kind: `${what} ${kind}`,
    make: (files, random, other) => {
      const lines = change(linesOf(files, file), random, linesOf(other, file));
      const changed = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      return { files: new Map([...files, [file, changed]]), places: [file, 'ledger'] };
    },
  }));

const ofFiles: readonly Change[] = [
  {
    kind: 'a file dropped',
    make: (files, random) => {
      const name = pick(random, files);
      return { files: new Map([...files].filter(([one]) => one !== name)), places: [name, name.split('.')[0] ?? ''] };
    },
  },
  {
    kind: 'two files swapped',
    make: (files, random) => {
      const [one, two] = [pick(random, files), EVENTS];
      const other = one === two ? `${LEDGER}/checkpoint` : one;
      return {
        files: new Map([...files, [other, files.get(two) ?? Buffer.of()], [two, files.get(other) ?? Buffer.of()]]),
        places: [two, other],
      };
    },
  },
  {
    kind: 'a file put in',
    make: (files, random) => {
      const name = `settings/certificates/${String(whole(random, 1e9)).padStart(36, '0')}.json`;
      return { files: new Map([...files, [name, Buffer.from('{}\n')]]), places: [name] };
    },
  },
  {
    kind: 'the tree rolled back to its first checkpoint',
    make: (files) => ({
      files: new Map([...files, [`${LEDGER}/checkpoint`, files.get(`${LEDGER}/checkpoint.first`) ?? Buffer.of()]]),
      places: [EVENTS, `${LEDGER}/checkpoint`],
    }),
  },
];

const CHANGES = [
  ...ofFiles,
  ...ofLines('an event', EVENTS),
  ...ofLines('a row of an answer', 'questions/denied/rows.jsonl'),
  ...ofLines('a statement of accounting', `${LEDGER}/accounting.jsonl`),
];

/** Each change as somebody without keys makes it, and under a manifest that another key has signed. */
export async function tampering(count: number, judging: Judging, folder: string): Promise<readonly Tally[]> {
  const random = openRandom(7).next;
  const made = async (name: string, events: number) => {
    const { parts } = await site(events, { erased: [3] });
    const zip = await built(join(folder, name), parts, { framework: 'itar', to: '2040-01-01T00:00:00Z' });
    return { parts, zip, files: await filesOf(zip) };
  };
  const { parts, zip, files } = await made('tampered.zip', 200);
  const other = (await made('other.zip', 50)).files;
  const pinned = { ...judging, asked: { key: fingerprintOf(parts.key) } };
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const [bare, foreign] = [
    CHANGES.map(({ kind }) => newTally(kind)),
    newTally('any of these, signed anew by another key, the key pinned'),
  ];
  const insider = newTally('any of these to events or to the tree, signed anew by the signer’s own key');
  for (const [index, change] of CHANGES.entries())
    for (let left = count; left > 0; left--) {
      const changed = change.make(files, random, other);
      const tally = bare[index];
      if (tally !== undefined) await judge(tally, stored(changed.files), changed.places, judging);
      if (left % 4 !== 0) continue;
      await judge(foreign, stored(signedBy(stranger, changed.files)), ['manifest.dsse.json'], pinned);
      const isOfTree = /^an event|^the tree/.test(change.kind);
      if (isOfTree) await judge(insider, stored(signedBy(parts.key, changed.files)), ['0', 'manifest.json'], pinned);
    }
  return [...bare, foreign, insider, await cutShort(readFileSync(zip), count, random, judging)];
}

async function cutShort(bytes: Buffer, count: number, random: Random, judging: Judging): Promise<Tally> {
  const tally = newTally('the zip cut short, or bytes behind it');
  for (let left = count; left > 0; left--) {
    const changed =
      left % 2 === 0
        ? bytes.subarray(0, whole(random, bytes.length))
        : Buffer.concat([bytes, bytes.subarray(0, 1 + whole(random, 99))]);
    await judge(tally, changed, [], judging);
  }
  return tally;
}
