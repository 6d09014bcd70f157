import type { Format } from '../../../services/core/format.ts';
import { type Random, WORD } from '../../privacy/corpus/random.ts';
import { BREEDS, type Breed, type Canary, CREDENTIALS, type Reach } from '../canaries.ts';
import { decoded } from '../goldens.ts';
import { altered } from '../hostile/message.ts';
import { objectsIn, type Place, type Places, planted } from './places.ts';

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

/** Ways a canary stands in a text; `bare` ones alone stand in addresses. */
type Way = (was: string, text: string) => string;

const WAYS: readonly Way[] = [
  (was, text) => `${was} ${text}`,
  (_, text) => text,
  (was, text) => `${was}: ${JSON.stringify({ note: `see ${text}`, ok: true })}`,
  (_, text) => JSON.stringify({ body: JSON.stringify({ given: text }) }),
];
const BARE_WAYS: readonly Way[] = [
  ...WAYS,
  (_, text) => `https://harbour.example/check?value=${encodeURIComponent(text)}&verbose=1`,
  (_, text) => `%22${text}%22`,
];

/** One after the other, so that each kind comes as often as any. */
export interface Sower {
  /** Messages of one golden: a canary in every text that is free, one in a strict one, in keys, in headers. */
  sow(format: Format, wire: unknown, places: Places): readonly Message[];
}

export function openSower(draw: Random): Sower {
  const next = turns(draw);

  /** Words that tell belong to the text: its own would end in the middle of it. */
  function put(breed: Breed, place: Place, canary: Canary): string {
    return draw.one(breed.bare ? BARE_WAYS : WAYS)(place.was, canary.text);
  }

  function inText(format: Format, wire: unknown, place: Place): Message {
    const breed = next(place.reach);
    const canary = breed.make(draw);
    const sown = { ...canary, format: format.name, path: place.path.join('.') };
    return { wire: planted(wire, place.path, put(breed, place, canary)), sown: [sown] };
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
    const isTaken = format.read(decoded(format, all.wire)).kind !== 'rejected';
    return isTaken ? [all] : free.map((place) => inText(format, wire, place));
  }

  function inKeys(format: Format, wire: unknown): readonly Message[] {
    if (typeof wire === 'string') return [];
    const path = draw.one(objectsIn(wire));
    const one = draw.one(CREDENTIALS.filter(({ bare }) => bare)).make(draw);
    const header = draw.text(24, WORD);
    const [key, name] = [[...path, one.text], [...path, draw.one(HEADERS)]];
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

const HEADERS = ['authorization', 'Authorization', 'x-api-key', 'proxy-authorization'];

/** The breeds that fit a place, in turns of their own. */
function turns(draw: Random): (at: Reach) => Breed {
  const waiting: Record<Reach, Breed[]> = { everywhere: [], columns: [], words: [] };
  return (at) => {
    if (waiting[at].length === 0) waiting[at] = shuffled(BREEDS.filter(({ reach }) => RANK[reach] <= RANK[at]), draw);
    const breed = waiting[at].pop();
    if (breed === undefined) throw new RangeError('no canary fits');
    return breed;
  };
}

function shuffled<T>(all: readonly T[], draw: Random): T[] {
  const left = [...all];
  return all.map(() => left.splice(draw.below(left.length), 1)).flat();
}
