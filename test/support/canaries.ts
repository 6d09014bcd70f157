import { PERSONAL } from '../privacy/corpus/people.ts';
import { DIGITS, LOWER, type Random, UPPER, WORD } from '../privacy/corpus/random.ts';
import { NAMED, STRUCTURED } from '../privacy/corpus/secrets.ts';

/** Something that must be found nowhere behind ingest, made at run time: no literal here looks like one. */
export interface Canary {
  readonly kind: string;
  /** What is planted: the secret, within the words that tell it where it needs such. */
  readonly text: string;
  /** Pieces of the secret; one that is found is a leak, the others gone or not. */
  readonly pieces: readonly string[];
}

/**
 * Where a kind is looked for: credentials wherever text can stand, numbers of people in `columns` too (target, paths,
 * attributes), the rest of people's data in `words` alone (content, command, error message).
 */
export type Reach = 'everywhere' | 'columns' | 'words';

export interface Breed {
  readonly kind: string;
  readonly reach: Reach;
  /** Says by its shape what it is: may stand in an address or as a key. */
  readonly bare: boolean;
  readonly make: (draw: Random) => Canary;
}

/** An operator's own word, as the configuration of the run has it. */
export const TERM = ['nacht', 'falter', 'wing'].join('');

const canary = (kind: string, text: string, secret: string): Canary => ({ kind, text, pieces: piecesOf(secret) });

const structured: readonly Breed[] = Object.entries(STRUCTURED).flatMap(([kind, makes]) =>
  makes.map((make): Breed => {
    const before = kind === 'telegram-token' ? '123456789:' : '';
    return {
      kind,
      reach: 'everywhere',
      bare: kind !== 'private-key',
      make(draw) {
        const secret = make(draw);
        return canary(kind, before + secret, secret);
      },
    };
  }),
);

const named: readonly Breed[] = NAMED.map(({ kind, form, make }) => ({
  kind,
  reach: 'everywhere',
  bare: false,
  make(draw) {
    const secret = make(draw);
    return canary(
      kind,
      form.replace('{}', () => secret),
      secret.replace(/^session=/, ''),
    );
  },
}));

/** RFC 7617: what is searched for is the password, and what it is encoded to. */
const basicAuth: Breed = {
  kind: 'authorization',
  reach: 'everywhere',
  bare: false,
  make(draw) {
    const password = draw.text(16, WORD);
    const encoded = Buffer.from(`ada:${password}`).toString('base64');
    return { ...canary('authorization', `Basic ${encoded}`, encoded), pieces: [encoded, password] };
  },
};

/** Values of these are few in life; here each is drawn so that it is like no other text. */
const UNLIKE: Readonly<Record<string, (draw: Random) => string>> = {
  email: (draw) => `${draw.text(12, LOWER)}@ward.example`,
  mrn: (draw) => `${draw.text(4, UPPER)}-${draw.text(9, DIGITS)}`,
  diagnosis: (draw) => `${draw.one([...'ABCDEFGH'])}${draw.text(2, DIGITS)}.${draw.text(4, UPPER)}`,
  'health-term': (draw) => draw.one(['clozapine', 'buprenorphine', 'tamoxifen', 'levothyroxine', 'methotrexate']),
};

const REACH: Readonly<Record<string, Reach>> = {
  iban: 'columns',
  mrn: 'columns',
  npi: 'columns',
  ssn: 'columns',
  card: 'columns',
  nino: 'columns',
};

const personal: readonly Breed[] = PERSONAL.flatMap(({ kind, make, texts, anywhere }) =>
  [...texts, ...(anywhere ? ['{}'] : [])].map(
    (form): Breed => ({
      kind,
      reach: REACH[kind] ?? 'words',
      bare: false,
      make(draw) {
        const value = (UNLIKE[kind] ?? make)(draw);
        return { kind, text: form.replace('{}', () => value), pieces: [value] };
      },
    }),
  ),
);

const term: Breed = {
  kind: 'phi-term',
  reach: 'words',
  bare: false,
  make: () => ({ kind: 'phi-term', text: `What is left to do for ${TERM}?`, pieces: [TERM] }),
};

export const CREDENTIALS: readonly Breed[] = [...structured, ...named, basicAuth];
export const BREEDS: readonly Breed[] = [...CREDENTIALS, ...personal, term];

/** Beyond, a piece of it is a leak as well. */
const WHOLE = 24;
const PIECE = 12;

/** Beginning, middle and end of a long secret, without the part all of its kind begin with. */
function piecesOf(secret: string): readonly string[] {
  if (secret.length <= WHOLE) return [secret];
  const lines = secret.split('\n').filter((line) => !line.startsWith('-----'));
  if (lines.length > 1) return lines.map((line) => line.slice(0, PIECE));
  const spare = secret.length > 40 ? 20 : secret.length - 2 * PIECE;
  const starts = [Math.max(0, spare), Math.floor(secret.length / 2), secret.length - PIECE];
  return [...new Set(starts)]
    .map((start) => secret.slice(start, start + PIECE))
    .filter(({ length }) => length === PIECE);
}
