/** The words at most `within` slips away from a word, nearest first. A slip: a letter left out, added, changed or swapped. */
export function nearest(word: string, words: readonly string[], within: number): readonly string[] {
  return words
    .map((known) => ({ known, slips: distance(plain(word), plain(known)) }))
    .filter(({ slips }) => slips <= within)
    .sort((a, b) => a.slips - b.slips)
    .map(({ known }) => known);
}

/** `requestId`, `request-id` and `Request_ID` are one word. Longer than any known word is far from all of them. */
const plain = (word: string): string =>
  word
    .slice(0, 64)
    .toLowerCase()
    .replace(/[\s_-]/g, '');

/** Optimal string alignment distance. */
function distance(a: string, b: string): number {
  let [before, last] = [new Array<number>(b.length + 1).fill(0), Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
