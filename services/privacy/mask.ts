import { address, commandPassword, commandUser } from './addresses.ts';
import { assignment } from './assignments.ts';
import { endOfPrivateKey, jsonWebToken, privateKey, signedAddress } from './blocks.ts';
import { type Detector, mark, markOf, type Span, tokenMarkOf } from './detector.ts';
import { authorization, basic, bearer, cookies } from './headers.ts';
import { type Scan, scanner } from './scan.ts';
import { services } from './services.ts';
import { entraSecret, tokens } from './tokens.ts';

export interface MaskedText {
  readonly text: string;
  /** What was replaced, one kind per place. */
  readonly found: readonly string[];
}

export const CREDENTIALS: readonly Detector[] = [
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
  ...services,
  entraSecret,
  assignment,
];

const NOTHING: readonly string[] = [];

/** What was cut away can bring a name next to a value; more rounds than this find nothing in practice. */
const ROUNDS = 4;

/**
 * Replaces what the detectors find: a credential by `[masked:<kind>]`, people's data by `[<kind>:<token>]`. What stands
 * in `context` before the text helps to judge it and is not part of it. Masking what is masked changes nothing. Takes
 * time in proportion to the text, whatever the text.
 */
export const openMask = (detectors: readonly Detector[], token: (value: string) => string): Mask =>
  maskBy(scanner(detectors), token);

export type Mask = (text: string, context: string) => MaskedText;

/** The same over a scanner that is there already. */
export function maskBy(scan: Scan, token: (value: string) => string): Mask {
  const once = (text: string, from: number): MaskedText => {
    let masked = '';
    let copied = 0;
    let found: string[] | undefined;
    scan(text, ({ start, end, kind, value }) => {
      if (kind === '' || start < from) return;
      masked += text.slice(copied, start) + (value === undefined ? markOf(kind) : tokenMarkOf(kind, token(value)));
      copied = end;
      found ??= [];
      found.push(kind);
    });
    return found === undefined ? { text, found: NOTHING } : { text: masked + text.slice(copied), found };
  };

  return (text, context) => {
    const first = once(context === '' ? text : context + text, context.length);
    if (first.found.length === 0) return { text, found: NOTHING };
    const found = [...first.found];
    let masked = first.text;
    for (let round = 1; round < ROUNDS; round++) {
      const next = once(masked, context.length);
      if (next.found.length === 0) break;
      found.push(...next.found);
      masked = next.text;
    }
    return { text: masked.slice(context.length), found };
  };
}

/**
 * Whether there is anything that `maskBy` would replace. Performance: nearly all texts of all events hold nothing, and to learn
 * that nothing is built.
 */
export function findBy(scan: Scan): (text: string, context: string) => boolean {
  let from = 0;
  let found = false;
  const note = ({ start, kind }: Span): void => {
    if (kind !== '' && start >= from) found = true;
  };
  return (text, context) => {
    from = context.length;
    found = false;
    scan(context === '' ? text : context + text, note);
    return found;
  };
}

const credentials = scanner(CREDENTIALS);
const maskCredentials = maskBy(credentials, (value) => value);

/** Replaces every credential by `[masked:<kind>]`, for good: nothing of it, nor its hash, is kept. */
export const maskText = (text: string): MaskedText => maskCredentials(text, '');

const findCredentials = findBy(credentials);

/** Whether `maskText` would replace anything. */
export const holdsCredential = (text: string): boolean => findCredentials(text, '');
