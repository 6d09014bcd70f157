/** Keys and labels whose values are a person's number: what they say counts as said before the value. */
const TELLING =
  /mrn|npi|ssn|social|patient|record|chart|hospital|phone|mobile|(?:^|[_.-])(?:tel|cell|fax|sms)(?:$|[_.-])|card|iban|account|\bpan\b|national|passport|diagnos|icd|tax|\bnin\b/i;

/** Longer texts tell for themselves. */
const LONGEST = 64;

/** What `wordsOf` a key say of a text under it; empty where they say nothing. */
export const contextOf = (text: string, words: string): string =>
  words !== '' && text.length <= LONGEST && /[0-9]/.test(text) ? words : '';

/** Sources use the same keys in every message: so many are remembered. */
const REMEMBERED = 10_000;
const remembered = new Map<string, string>();

/** What a key says of what stands under it, as words in front: `patient Id: ` of `patientId`; empty for a key that tells nothing. */
export function wordsOf(key: string): string {
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
