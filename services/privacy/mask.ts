import { address, commandPassword, commandUser } from './addresses.ts';
import { assignment } from './assignments.ts';
import { endOfPrivateKey, jsonWebToken, privateKey, signedAddress } from './blocks.ts';
import { type Detector, markOf } from './detector.ts';
import { authorization, basic, bearer, cookies } from './headers.ts';
import { scanner } from './scan.ts';
import { entraSecret, tokens } from './tokens.ts';

export interface MaskedText {
  readonly text: string;
  /** What was replaced, one kind per place, from left to right. */
  readonly found: readonly string[];
}

/** A mark that stands already is no one's name or value. */
const mark: Detector = {
  triggers: ['[masked:'],
  read(text, at) {
    MARKED.lastIndex = at;
    return MARKED.test(text) ? { start: at, end: MARKED.lastIndex, kind: '' } : undefined;
  },
};
const MARKED = /\[masked:[a-z-]{1,32}\]/y;

const DETECTORS: readonly Detector[] = [
  mark,
  authorization,
  bearer,
  basic,
  cookies,
  privateKey,
  endOfPrivateKey,
  jsonWebToken,
  signedAddress,
  address,
  commandUser,
  commandPassword,
  ...tokens,
  entraSecret,
  assignment,
];

const scan = scanner(DETECTORS);

/** What was cut away can bring a name next to a value; more rounds than this find nothing in practice. */
const ROUNDS = 4;

/**
 * Replaces every credential by `[masked:<kind>]`, for good: nothing of it, nor its hash, is kept. Masking what is masked
 * changes nothing. Takes time in proportion to the text, whatever the text.
 */
export function maskText(text: string): MaskedText {
  const found: string[] = [];
  let masked = text;
  for (let round = 0; round < ROUNDS; round++) {
    const before = found.length;
    masked = maskOnce(masked, found);
    if (found.length === before) break;
  }
  return { text: masked, found };
}

function maskOnce(text: string, found: string[]): string {
  let masked = '';
  let copied = 0;
  scan(text, ({ start, end, kind }) => {
    if (kind === '') return;
    masked += text.slice(copied, start) + markOf(kind);
    copied = end;
    found.push(kind);
  });
  return copied === 0 ? text : masked + text.slice(copied);
}
