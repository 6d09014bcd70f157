import { isObject, type Reading } from '../reading.ts';

/** A header of the captured request, by its name in lower case. */
export function headerOf(read: Reading, name: string): string | undefined {
  const headers = read.peek('capture', 'headers');
  const spelt = isObject(headers) ? Object.keys(headers).find((key) => key.toLowerCase() === name) : undefined;
  return spelt === undefined ? undefined : read.text('capture', 'headers', spelt);
}
