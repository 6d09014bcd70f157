import type { Subject } from '../../clickhouse/retention/erasure/subject.ts';

/** Shorter ids stand in messages that are about something else. */
const TELLING = 8;

/** A shorter first half of an address is a word, or a letter, that grounds and case numbers hold by chance. */
const SHORTEST = 4;

/** What matches a text that names a subject, composed (NFC), in whichever case. Nothing does where too little is known of them. */
export function naming({ email, ids }: Subject): RegExp {
  const all = [email, ...ids.filter((id) => id.length >= TELLING)].filter((name) => name !== '');
  return all.length === 0 ? /(?!)/u : new RegExp(all.map(literal).join('|'), 'iu');
}

/** Whether an address or its first half, or an id, stands in a text as a word of its own. */
export function isNamed(who: string, text: string): boolean {
  const [local = who] = who.split('@');
  const names = [who, ...(local.length >= SHORTEST ? [local] : [])].map(literal);
  const word = String.raw`[\p{L}\p{N}]`;
  return new RegExp(`(?<!${word})(?:${names.join('|')})(?!${word})`, 'iu').test(text.normalize('NFC'));
}

const literal = (text: string): string => text.normalize('NFC').replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
