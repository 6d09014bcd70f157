import { at, list, number, text } from './json.ts';
import type { Json } from './report.ts';

// ---- The form of a bundle: what its manifest says of itself, and which files there can be

export const FORMAT = 'trailhouse.evidence/1';

/** RFC 3339 in UTC and whole seconds: any other form is another time on another machine. */
const TIME = /^\d{4}-(0\d|1[0-2])-[0-3]\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
/** All other files. */
export const OTHERS =
  /^(request\.json|summary\.html|README\.txt|verify\.mjs|settings\/retention\.json|settings\/certificates\/[0-9a-f-]{36}\.(json|events\.csv)|schemas\/audit-event\.v[1-9]\d{0,3}\.avsc|controls\/[\w.-]+\/README\.txt|oscal\/assessment-results\.json)$/;

/** What is wrong with a manifest's own words. */
export function manifestFaults(manifest: Json | undefined): readonly string[] {
  const [request, trees] = [at(manifest, 'request'), list(manifest, 'ledger').map((tree) => number(tree, 'partition'))];
  const paths = list(manifest, 'questions').map((question) => text(question, 'path'));
  const checks: readonly (readonly [boolean, string])[] = [
    [at(manifest, 'format') === FORMAT, `is not of the format ${FORMAT}`],
    [at(manifest, 'time_zone') === 'UTC', 'its time zone is not UTC'],
    [
      ['from', 'to', 'asked_at'].every((name) => TIME.test(text(request, name))),
      'its times are not UTC in whole seconds',
    ],
    [text(request, 'from') < text(request, 'to'), 'its period does not end after it begins'],
    [['masked', 'full'].includes(text(request, 'profile')), 'its profile is neither masked nor full'],
    [
      trees.every((one, place) => Number.isSafeInteger(one) && one > (trees[place - 1] ?? -1)),
      'its partitions are not in order',
    ],
    [
      new Set(paths).size === paths.length && paths.every((one) => /^questions\/[a-z0-9-]+$/.test(one)),
      'its questions are not each there once',
    ],
  ];
  return checks.flatMap(([holds, reason]) => (holds ? [] : [reason]));
}

const LEDGER = ['checkpoint', 'checkpoint.first', 'accounting.jsonl', 'rows.hashes', 'consistency.hashes'];
const QUESTION = ['rows.jsonl', 'rows.csv', 'query.sql', 'question.json'];

/** Files of the partitions and questions that a manifest names: any others would be signed, and looked at by nobody. */
export function filesOf(manifest: Json | undefined): ReadonlySet<string> {
  const trees = list(manifest, 'ledger').map((tree) => text(tree, 'partition'));
  const asked = list(manifest, 'questions').map((question) => text(question, 'path'));
  const ofTrees = trees.flatMap((one) => [`events/${one}.jsonl`, ...LEDGER.map((name) => `ledger/${one}/${name}`)]);
  return new Set([...ofTrees, ...asked.flatMap((path) => QUESTION.map((name) => `${path}/${name}`))]);
}
