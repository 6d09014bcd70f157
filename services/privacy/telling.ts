/** Keys and labels whose values are a person's number: what they say counts as said before the value. */
export const TELLING =
  /mrn|npi|ssn|social|patient|record|chart|hospital|phone|mobile|(?:^|[_.-])(?:tel|cell|fax|sms)(?:$|[_.-])|card|iban|account|\bpan\b|national|passport|diagnos|icd|tax|\bnin\b/i;

/** Longer texts tell for themselves. */
const LONGEST = 64;

/** What a key says of a text under it, as words in front: `patientId` as `patient Id: `; empty where it says nothing. */
export function contextOf(text: string, key: string): string {
  if (key === '' || text.length > LONGEST || !/[0-9]/.test(text) || !TELLING.test(key)) return '';
  const words = key
    .slice(-LONGEST)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z]+/g, ' ');
  return `${words}: `;
}
