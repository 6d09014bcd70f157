import { altered, type Hostile, hostile, said } from './message.ts';

/** One field of a sound event, and what it must not be. */
export type Wrong = readonly [field: string, ...values: readonly unknown[]];

export const OBJECTS: readonly unknown[] = [{}, []];

/** Every reason begins with a dotted place. */
export const PLACE = /^[\w.()[\] -]+: \S/;

/** The sound event once for each value of each field, with that in the field's place. */
export function wrongs(
  to: Pick<Hostile, 'topic' | 'encoding'>,
  format: string,
  sound: unknown,
  all: readonly Wrong[],
): Hostile[] {
  return all.flatMap(([field, ...values]) =>
    values.map((value) =>
      hostile(
        to,
        `${format}: ${field} is ${said(value)}`,
        () => JSON.stringify(altered(sound, field.split('.'), value)),
        PLACE,
      ),
    ),
  );
}

/** Lists in which one message is none, for formats that take a list. */
export function spoiltLists(to: Pick<Hostile, 'topic' | 'encoding'>, format: string, sound: object): Hostile[] {
  const lists: readonly (readonly [string, unknown])[] = [
    ['a text in a list', [sound, 'message']],
    ['null in a list', [null, sound]],
    ['a list in a list', [sound, [sound]]],
    ['a number in a list', [sound, 1]],
  ];
  return lists.map(([name, list]) => hostile(to, `${format}: ${name}`, () => JSON.stringify(list), PLACE));
}
