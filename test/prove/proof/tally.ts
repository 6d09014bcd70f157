import { writeFileSync } from 'node:fs';
import type { Asked, Said, Verifiers } from './verifiers.ts';

/** What became of changes of one kind. */
export interface Tally {
  readonly kind: string;
  tried: number;
  /** By the bundle's own verifier; of these, with the file or the place named. */
  found: number;
  named: number;
  /** Where both verifiers came to the same verdict. */
  agreed: number;
  /** Where both name the same files, too. */
  alike: number;
}

export const newTally = (kind: string): Tally => ({ kind, tried: 0, found: 0, named: 0, agreed: 0, alike: 0 });

export interface Judging {
  readonly verifiers: Verifiers;
  /** Where a changed file is put, over and over. */
  readonly path: string;
  readonly asked?: Asked;
}

/** Both verdicts on bytes. `places` are those that would name the change; none: any word does. */
export async function judge(
  tally: Tally,
  bytes: Uint8Array,
  places: readonly string[],
  judging: Judging,
): Promise<Said> {
  writeFileSync(judging.path, bytes);
  const [ours, theirs] = await Promise.all([
    judging.verifiers.ours(judging.path, judging.asked),
    judging.verifiers.python(judging.path, judging.asked),
  ]);
  tally.tried++;
  const isFound = ours.verdict !== 'genuine';
  const said = [...ours.places, ours.words].join('\n');
  if (isFound) tally.found++;
  if (isFound && (places.length === 0 ? said.length > 0 : places.some((place) => said.includes(place)))) tally.named++;
  if (isFound === (theirs.verdict !== 'genuine')) tally.agreed++;
  else
    process.stderr.write(
      `${tally.kind}: ours ${ours.verdict}, Python ${theirs.verdict}: ${said.slice(0, 300)}${theirs.words.slice(0, 300)}\n`,
    );
  if (filesIn(ours) === filesIn(theirs)) tally.alike++;
  return ours;
}

const filesIn = ({ verdict, places }: Said): string =>
  `${verdict} ${[...new Set(places.map((place) => place.split(':')[0]))].sort().join(' ')}`;

export const isWhole = (tally: Tally): boolean =>
  tally.tried > 0 && [tally.found, tally.named, tally.agreed].every((one) => one === tally.tried);

export function tableOf(tallies: readonly Tally[]): string {
  const rows = tallies.map(
    ({ kind, tried, found, named, agreed, alike }) =>
      `| ${kind} | ${tried} | ${found} | ${named} | ${agreed} | ${alike} |`,
  );
  return [
    '| change | tried | detected | place named | both verifiers agree | name the same files |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
