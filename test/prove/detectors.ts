import { globSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { KIND_NAMES } from '../../services/privacy/kinds.ts';
import { CREDENTIALS, maskText, openMask } from '../../services/privacy/mask.ts';
import { openClasses, peopleDetectors } from '../../services/privacy/people.ts';
import { openTokens } from '../../services/privacy/profile.ts';
import { scanner } from '../../services/privacy/scan.ts';
import { CORPUS_IDS, corpus } from '../privacy/corpus/corpus.ts';
import { precisionOf, recallOf, type Score, score } from '../privacy/corpus/score.ts';
import { NAMED, STRUCTURED_KINDS } from '../privacy/corpus/secrets.ts';
import type { Figures } from './figures.ts';

/** What is asked of structured secrets. */
const FLOORS = { recall: 0.99, precision: 0.95 } as const;
const ROUNDS = 15;
/** About an event's size. */
const PIECE = 1500;

const settings = { off: [], national_ids: CORPUS_IDS, phi_terms: [] };

/** Every detector against the labelled corpus, and what a character of text costs. */
export async function detectors(): Promise<Figures> {
  const texts = corpus();
  const { kinds } = score(texts);
  const structured = sum('structured secrets', kinds, (kind) => STRUCTURED_KINDS.includes(kind));
  const named = new Set(NAMED.map(({ kind }) => kind));
  const secrets = sum('all secrets', kinds, (kind) => STRUCTURED_KINDS.includes(kind) || named.has(kind));
  const nothing = texts.filter(({ labels }) => labels.length === 0).length;
  const what =
    `${texts.length} texts, ${nothing} of them with nothing to find; forms and hard cases written by hand for these detectors, values drawn ` +
    'from a seed: what is found here says nothing of shapes nobody thought of. Found is the exact span; a secret counts whatever its mark ' +
    'says. Wrong is a finding where no label is, anywhere in the corpus. The pace of one kind alone holds the search itself.';
  const head =
    '| kind | class | labels | recall | wrong | precision | alone, ns a character |\n|---|---|---|---|---|---|---|';
  const own = globSync(['services/**/*.ts', 'docs/**/*.md']).flatMap((file) => pieces(readFileSync(file, 'utf8')));
  const rows = [...kinds, secrets, structured].map((each) => rowOf(each, own)).join('\n');
  const pace = paces(
    own,
    texts.map(({ text }) => text),
  );
  return {
    title: 'Detectors',
    table: `${what}\n\n${head}\n${rows}\n\nCPU time of one thread, medians of ${ROUNDS} rounds, load average of the machine ${loadavg()[0]?.toFixed(1)}:\n\n${pace.table}`,
    held: recallOf(structured) >= FLOORS.recall && precisionOf(secrets) >= FLOORS.precision,
    json: {
      texts: texts.length,
      structuredRecall: recallOf(structured),
      secretsPrecision: precisionOf(secrets),
      ...pace.json,
    },
  };
}

function sum(kind: string, kinds: readonly Score[], of: (kind: string) => boolean): Score {
  const fitting = kinds.filter((each) => of(each.kind));
  const total = (field: 'labels' | 'found' | 'wrong') => fitting.reduce((all, each) => all + each[field], 0);
  return { kind, labels: total('labels'), found: total('found'), wrong: total('wrong') };
}

const classOf = openClasses(settings);
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;

function rowOf(of: Score, own: readonly string[]): string {
  const alone = aloneOf(of.kind);
  const pace = alone === undefined ? '–' : nanosecondsPerCharacter(own, alone).toFixed(1);
  return `| ${of.kind} | ${classOf(of.kind)} | ${of.labels} | ${percent(recallOf(of))} | ${of.wrong} | ${percent(precisionOf(of))} | ${pace} |`;
}

/** The search for one kind of people's data and nothing else; credentials are looked for together only. */
function aloneOf(kind: string): ((text: string) => void) | undefined {
  const ids = CORPUS_IDS.filter(({ name }) => name === kind);
  const off = KIND_NAMES.filter((name) => name !== kind);
  if (ids.length === 0 && off.length === KIND_NAMES.length) return undefined;
  const scan = scanner(peopleDetectors({ off, national_ids: ids, phi_terms: [] }).words);
  return (text) => scan(text, () => {});
}

/** The corpus is dense with findings; our own code and documentation hold next to none. */
function paces(
  own: readonly string[],
  labelled: readonly string[],
): {
  readonly table: string;
  readonly json: Readonly<Record<string, number>>;
} {
  const token = openTokens(Buffer.alloc(32, 1));
  const people = peopleDetectors(settings);
  const masks: readonly (readonly [string, (text: string) => unknown])[] = [
    ['credentials', maskText],
    ['credentials and numbers, for columns', withEmptyContext(openMask([...CREDENTIALS, ...people.columns], token))],
    ['everything, for content', withEmptyContext(openMask([...CREDENTIALS, ...people.words], token))],
  ];
  const json: Record<string, number> = {};
  const rows = masks.map(([name, mask], index) => {
    const [plain, dense] = [own, labelled].map((texts) => nanosecondsPerCharacter(texts, mask));
    json[`nsPerCharacter${index}`] = plain ?? 0;
    return `| ${name} | ${plain?.toFixed(1)} | ${dense?.toFixed(1)} |`;
  });
  const head =
    '| looked for | ns a character, our code and documentation in 1.5 KB pieces | ns a character, the corpus |\n|---|---|---|';
  return { table: `${head}\n${rows.join('\n')}`, json };
}

const withEmptyContext =
  (mask: (text: string, context: string) => unknown) =>
  (text: string): unknown =>
    mask(text, '');

/** Flat copies: a slice of a larger text is read through it, which no message is. */
const pieces = (text: string): readonly string[] =>
  (text.match(new RegExp(`[^]{1,${PIECE}}`, 'g')) ?? []).map((piece) => Buffer.from(piece).toString());

function nanosecondsPerCharacter(texts: readonly string[], mask: (text: string) => unknown): number {
  const characters = texts.reduce((total, text) => total + text.length, 0);
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (const text of texts) mask(text);
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / characters;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}
