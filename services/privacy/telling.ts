/** Keys and labels whose values are a person's number: what they say counts as said before the value. */
const TELLING =
  /mrn|npi|ssn|social|patient|record|chart|hospital|phone|mobile|(?:^|[_.-])(?:tel|cell|fax|sms)(?:$|[_.-])|card|iban|account|\bpan\b|national|passport|diagnos|icd|tax|\bnin\b/i;

/** Longer texts tell for themselves. */
const LONGEST = 64;

/** What a key says of a text under it, as words in front: `patientId` as `patient Id: `; empty where it says nothing. */
export function contextOf(text: string, key: string): string {
  if (key === '' || text.length > LONGEST) return '';
  const words = wordsOf(key);
  return words !== '' && /[0-9]/.test(text) ? words : '';
}

/** Whether the value under a key may be a person's number. */
export const isTelling = (key: string): boolean => wordsOf(key) !== '';

/** Sources use the same keys in every message: so many are remembered. */
const REMEMBERED = 10_000;
const remembered = new Map<string, string>();

/** Empty for a key that tells nothing. */
function wordsOf(key: string): string {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const words = TELLING.test(key) ? `${spelt(key)}: ` : '';
  if (remembered.size >= REMEMBERED) remembered.clear();
  if (key.length <= LONGEST) remembered.set(key, words);
  return words;
}

const spelt = (key: string): string =>
  key
    .slice(-LONGEST)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z]+/g, ' ');
