import type { Draft } from '../../../services/core/event.ts';
import type { Format } from '../../../services/core/format.ts';
import { type Random, WORD } from '../../privacy/corpus/random.ts';
import { BREEDS, type Breed, type Canary, CREDENTIALS, type Reach } from '../canaries.ts';
import { decoded } from '../goldens.ts';
import { altered } from '../hostile/message.ts';
import { objectsIn, type Place, type Places, planted, reachOf } from './places.ts';

/** A canary and where it was put. */
export interface Sown extends Canary {
  readonly format: string;
  readonly path: string;
}

export interface Message {
  readonly wire: unknown;
  readonly sown: readonly Sown[];
}

const RANK: Readonly<Record<Reach, number>> = { everywhere: 0, columns: 1, words: 2 };

/** Ways a canary stands in a text. */
type Way = (was: string, text: string) => string;

const WAYS: readonly Way[] = [
  (was, text) => `${was} ${text}`,
  (_, text) => text,
  (was, text) => `${was}: ${JSON.stringify({ note: `see ${text}`, ok: true })}`,
];
const CREDENTIAL_WAYS: readonly Way[] = [
  ...WAYS,
  (_, text) => JSON.stringify({ body: JSON.stringify({ given: text }) }),
];
const BARE_WAYS: readonly Way[] = [
  ...CREDENTIAL_WAYS,
  (_, text) => `https://harbour.example/check?value=${encodeURIComponent(text)}&verbose=1`,
  (_, text) => `%22${text}%22`,
];

function waysOf({ bare, reach }: Breed): readonly Way[] {
  if (bare) return BARE_WAYS;
  return reach === 'everywhere' ? CREDENTIAL_WAYS : WAYS;
}

/** One after the other, so that each kind comes as often as any. */
export interface Sower {
  /** Messages of one golden: a canary in every text that is free, one in a strict one, in keys, in headers. */
  sow(format: Format, wire: unknown, places: Places): readonly Message[];
}

export function openSower(draw: Random): Sower {
  const next = turns(draw);

  function inText(format: Format, wire: unknown, place: Place): Message {
    const breed = next(place.reach);
    const canary = breed.make(draw);
    const sown = { ...canary, format: format.name, path: place.path.join('.') };
    return { wire: planted(wire, place.path, draw.one(waysOf(breed))(place.was, canary.text)), sown: [sown] };
  }

  /** All in one where the format takes that, else each in a message of its own. */
  function inTexts(format: Format, wire: unknown, free: readonly Place[]): readonly Message[] {
    const all = free.reduce<Message>(
      (message, place) => {
        const more = inText(format, message.wire, place);
        return { wire: more.wire, sown: [...message.sown, ...more.sown] };
      },
      { wire, sown: [] },
    );
    const verdict = format.read(decoded(format, all.wire));
    if (verdict.kind === 'rejected' && free.length > 1) return free.flatMap((place) => inTexts(format, wire, [place]));
    if (verdict.kind !== 'accepted') return [all];
    const within = free.map((place, index) => ({ ...place, reach: narrower(place, all.sown[index], verdict.drafts) }));
    const asMeant = within.every(({ reach }, index) => reach === free[index]?.reach);
    return asMeant ? [all] : inTexts(format, wire, within);
  }

  function inKeys(format: Format, wire: unknown): readonly Message[] {
    if (typeof wire === 'string') return [];
    const path = draw.one(objectsIn(wire));
    const one = draw.one(CREDENTIALS.filter(({ bare }) => bare)).make(draw);
    const header = draw.text(24, WORD);
    const [key, name] = [
      [...path, one.text],
      [...path, draw.one(HEADERS)],
    ];
    const value = draw.one([`Bearer ${header}`, [`Bearer ${header}`]]);
    const told = { kind: 'authorization', text: header, pieces: [header.slice(0, 12), header.slice(12)] };
    return [
      { wire: altered(wire, key, 'x'), sown: [{ ...one, format: format.name, path: `${path.join('.')} (a key)` }] },
      { wire: altered(wire, name, value), sown: [{ ...told, format: format.name, path: name.join('.') }] },
    ];
  }

  return {
    sow(format, wire, { free, strict }) {
      const refused = strict.length === 0 ? [] : [inText(format, wire, draw.one(strict))];
      return [...inTexts(format, wire, free), ...refused, ...inKeys(format, wire)];
    },
  };
}

/** Beside other canaries a text may come to stand where less is looked for. */
function narrower({ reach }: Place, sown: Sown | undefined, drafts: readonly Draft[]): Reach {
  const found = sown?.pieces.map((piece) => reachOf(drafts, piece)) ?? [];
  return found.reduce((least, one) => (RANK[one] < RANK[least] ? one : least), reach);
}

const HEADERS = ['authorization', 'Authorization', 'x-api-key', 'proxy-authorization'];

/** The breeds that fit a place, in turns of their own. */
function turns(draw: Random): (at: Reach) => Breed {
  const waiting: Record<Reach, Breed[]> = { everywhere: [], columns: [], words: [] };
  return (at) => {
    if (waiting[at].length === 0)
      waiting[at] = shuffled(
        BREEDS.filter(({ reach }) => RANK[reach] <= RANK[at]),
        draw,
      );
    const breed = waiting[at].pop();
    if (breed === undefined) throw new RangeError('no canary fits');
    return breed;
  };
}

function shuffled<T>(all: readonly T[], draw: Random): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(draw.below(left.length), 1));
}
