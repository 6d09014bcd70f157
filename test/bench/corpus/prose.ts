import type { Random } from '../../../services/processes/demo/random.ts';
import { zipf } from './zipf.ts';

const WORDS = (
  'the of to and a in is for that on with order be as are this from invoice by report customer at it we which not was ' +
  'please summary last quarter between late shipment region or have error service latency increase list explain ' +
  'compare policy draft email contract clause meeting notes update table column index query release change rollback ' +
  'deploy cluster memory limit request response timeout retry budget forecast revenue margin churn segment campaign ' +
  'refund ticket priority status owner deadline risk review approval template translate rewrite shorten paragraph ' +
  'heading bullet example function module test coverage failure branch commit pipeline build artifact version schema ' +
  'migration partition replica backup restore snapshot volume network address route certificate rotation access role ' +
  'group member supplier warehouse stock price discount tax country currency account balance transfer statement audit ' +
  'finding control evidence framework retention period deletion subject consent notice incident timeline cause impact ' +
  'mitigation lesson training session feedback survey result average median percentile outlier trend season baseline'
).split(' ');

const pickWord = zipf(WORDS.length, 0.7);

/** How often a text mentions what detectors look for. */
const MENTIONS: readonly (readonly [share: number, (dice: Random) => string])[] = [
  [0.02, (dice) => `write to pat.${dice.hex(5)}@brightwater.example about it`],
  [0.005, (dice) => `call +49 30 ${dice.integer(1_000_000, 9_999_999)} first`],
  [0.002, (dice) => `use password=${dice.hex(14)} for the copy`],
];

const FOREIGN: readonly string[] = [
  'Größe über „Maß“ prüfen',
  'naïve café déjà vu — ça va',
  '注文の状態を確認してください',
  'сводка за квартал 📦 ✅',
  'first line\nsecond line\n\t"quoted" C:\\temp\\report',
];

/** Sentences of about `length` characters; plain ones are ASCII that JSON need not escape. */
export function prose(dice: Random, length: number, isForeign: boolean): string {
  const pieces = isForeign ? [dice.pick(FOREIGN)] : [];
  const mention = dice.next();
  let passed = 0;
  for (const [share, write] of MENTIONS) {
    if (mention >= passed && mention < passed + share) pieces.push(write(dice));
    passed += share;
  }
  let size = pieces.reduce((sum, piece) => sum + piece.length + 1, 0);
  while (size <= length) {
    const piece = wordOf(dice);
    pieces.push(piece);
    size += piece.length + 1;
  }
  const text = pieces.join(' ').replace(/[,.]+$/, '');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Numbers, dates and names of things stand between the words. */
function wordOf(dice: Random): string {
  const kind = dice.next();
  if (kind < 0.03) return String(dice.integer(2, 90_000));
  if (kind < 0.035) return `2026-0${dice.integer(1, 9)}-${dice.integer(10, 28)}`;
  if (kind < 0.045) return `ORD-${dice.integer(100_000, 999_999)}`;
  const word = WORDS[pickWord(dice)] ?? 'the';
  if (kind < 0.11) return `${word},`;
  return kind < 0.17 ? `${word}.` : word;
}
